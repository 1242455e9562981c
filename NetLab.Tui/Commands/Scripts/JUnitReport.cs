using System.Globalization;
using System.Text;
using System.Xml;
using NetLab.Core;
using NetLab.Core.Scripts;

namespace NetLab.Tui.Commands;

/// <summary>The results of <c>netlab check</c> as JUnit XML: a suite a script, a case an expectation, and one case for the steps.</summary>
internal sealed class JUnitReport : IDisposable
{
    private readonly XmlWriter _xml;

    private JUnitReport(XmlWriter xml)
    {
        _xml = xml;
        _xml.WriteStartDocument();
        _xml.WriteStartElement("testsuites");
    }

    /// <summary>Begins a report.</summary>
    /// <exception cref="ScriptException">The file cannot be written.</exception>
    public static JUnitReport Create(string path)
    {
        try
        {
            return new JUnitReport(XmlWriter.Create(path, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false), CheckCharacters = false }));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ScriptException($"The report cannot be written to '{path}': {error.Message}");
        }
    }

    /// <summary>Adds what came of a script.</summary>
    public void Add(CheckResult result)
    {
        string suite = result.Script.File;
        _xml.WriteStartElement("testsuite");
        _xml.WriteAttributeString("name", suite);
        WriteNumber("tests", result.Expectations.Count + 1);
        WriteNumber("failures", result.Expectations.Count(one => one.Verdict == Verdict.NotMet) + (result.Failures.Count > 0 ? 1 : 0));
        WriteNumber("skipped", result.Expectations.Count(one => one.Verdict == Verdict.Undecided) + (result.Skipped is null ? 0 : 1));
        _xml.WriteAttributeString("time", result.Duration.ToTimeSpan().TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
        BeginCase(suite, "every step comes out as the script says");
        if (result.Failures.Count > 0)
            WriteVerdict("failure", string.Join('\n', result.Failures));
        else if (result.Skipped is { } why)
            WriteVerdict("skipped", why);
        _xml.WriteEndElement();
        foreach (var one in result.Expectations)
        {
            BeginCase(suite, one.Expectation.Source);
            if (one.Verdict != Verdict.Met)
                WriteVerdict(one.Verdict == Verdict.NotMet ? "failure" : "skipped", one.Actual);
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
        _xml.Flush();
    }

    public void Dispose()
    {
        _xml.WriteEndDocument();
        _xml.Dispose();
    }

    private void BeginCase(string suite, string name)
    {
        _xml.WriteStartElement("testcase");
        _xml.WriteAttributeString("classname", suite);
        _xml.WriteAttributeString("name", App.EventText.Printable(name));
    }

    private void WriteVerdict(string element, string message)
    {
        _xml.WriteStartElement(element);
        _xml.WriteAttributeString("message", App.EventText.Printable(message));
        _xml.WriteEndElement();
    }

    private void WriteNumber(string name, int number) => _xml.WriteAttributeString(name, number.ToString(CultureInfo.InvariantCulture));
}
