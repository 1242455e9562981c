using System.CommandLine;
using System.Text;
using NetLab.Core.Capture;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;

namespace NetLab.Tui.Commands;

/// <summary>
/// <c>netlab doctor</c>: what NetLab may do here, and the exact command that mends each lack. It changes nothing. Exits 0 if every instrument of NetLab
/// works whole, 1 if one lacks something; what only other programs lack (tcpdump, dumpcap) does not count.
/// </summary>
internal static class DoctorCommand
{
    private const int NarrowestText = 30, WidestText = 100;

    public static Command Create(CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object a finding." };
        var command = new Command("doctor", "Says what NetLab may do here, and what mends each lack. Changes nothing; exits 1 if an instrument lacks something.") { json };
        command.SetAction(parsed =>
        {
            var findings = CaptureDoctor.Examine(SystemProbe.Gather());
            if (parsed.GetValue(json))
            {
                foreach (var finding in findings)
                    context.Output.WriteLine(Json(finding));
            }
            else
            {
                int width = (context.OutputIsTerminal ? StandardStreams.OutputWidth : null) ?? WidestText;
                context.Output.Write(Text(findings, width, Paint.For(context)));
            }

            return CaptureDoctor.IsWhole(findings) ? ExitCode.Done : ExitCode.NotMet;
        });
        return command;
    }

    /// <summary>The findings for people, wrapped at a width in columns; commands are never broken, so that they can be copied.</summary>
    internal static string Text(IReadOnlyList<Finding> findings, int width, Paint paint)
    {
        var text = new StringBuilder();
        int subject = findings.Max(finding => finding.Subject.Length);
        int indent = 2 + subject + 2;
        int room = Math.Clamp(width - indent, NarrowestText, WidestText);
        foreach (var finding in findings)
        {
            string sign = finding.Status switch
            {
                FindingStatus.Good => paint.Done("✓"),
                FindingStatus.Limited => paint.Waiting("!"),
                _ => paint.Failed("✗"),
            };
            string word = finding.Status switch { FindingStatus.Good => "", FindingStatus.Limited => "Limited: ", _ => "Missing: " };
            string head = $"{sign} {finding.Subject.PadRight(subject)}  ";
            foreach (string line in Wrap(word + EventText.Printable(finding.Found), room))
            {
                text.Append(head).AppendLine(line);
                head = new string(' ', indent);
            }

            foreach (string line in finding.Why is { } why ? Wrap(EventText.Printable(why), room) : [])
                text.Append(' ', indent).AppendLine(paint.Faint(line));
            foreach (string mends in finding.Commands)
                text.Append(' ', indent).AppendLine(paint.Now($"$ {EventText.Printable(mends)}"));
        }

        text.AppendLine();
        foreach (string line in Wrap(Summary(findings), Math.Clamp(width, NarrowestText, WidestText)))
            text.AppendLine(line);
        return text.ToString();
    }

    private static string Summary(IReadOnlyList<Finding> findings)
    {
        if (CaptureDoctor.IsWhole(findings))
            return "Every instrument of NetLab works here.";
        var lacks = findings.Where(CaptureDoctor.HoldsBack).Select(finding => finding.Subject);
        return $"NetLab works here with less: {string.Join(", ", lacks)}. The commands above mend it; NetLab itself changes nothing.";
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        int used = 0;
        foreach (string word in text.Split(' '))
        {
            int length = TextWidth.Of(word);
            if (used > 0 && used + 1 + length > width)
            {
                yield return line.ToString();
                line.Clear();
                used = 0;
            }

            if (used > 0)
                line.Append(' ');
            line.Append(word);
            used += length + (used > 0 ? 1 : 0);
        }

        yield return line.ToString();
    }

    private static string Json(Finding finding) => JsonLine.Write(json =>
    {
        json.WriteString("kind", "finding");
        json.WriteString("subject", finding.Subject);
        json.WriteString("status", finding.Status switch { FindingStatus.Good => "good", FindingStatus.Limited => "limited", _ => "missing" });
        json.WriteString("found", finding.Found);
        if (finding.Why is { } why)
            json.WriteString("why", why);
        json.WriteStartArray("commands");
        foreach (string command in finding.Commands)
            json.WriteStringValue(command);
        json.WriteEndArray();
    });
}
