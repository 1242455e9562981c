using System.Diagnostics;
using System.Text;
using NetLab.Core.Interop;
using NetLab.Tests.Support;

namespace NetLab.Tests.EndToEnd;

/// <summary>What a program left: its exit code and what it wrote.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record Ended(int Code, string Output, string Error)
{
    /// <inheritdoc/>
    public override string ToString() => $"code {Code}\nOutput: {Output}\nError: {Error}";

    /// <summary>Standard output's lines.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Standard error, which must be one line.</summary>
    public string OnlyError
    {
        get
        {
            Assert.EndsWith("\n", Error, StringComparison.Ordinal);
            Assert.Single(Error.TrimEnd('\n').Split('\n'));
            return Error.TrimEnd('\n');
        }
    }
}

/// <summary>A program with pipes on its streams. What it writes is kept; waits end by a condition or fail.</summary>
public sealed class RunningProgram : IDisposable
{
    private readonly object _gate = new();
    private readonly StringBuilder _output = new(), _error = new();
    private readonly Process _process;
    private int _closed;

    private RunningProgram(string[] command, Dictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        Read(_process.StandardOutput, _output);
        Read(_process.StandardError, _error);
    }

    /// <summary>Starts a program.</summary>
    public static RunningProgram Start(string[] command, Dictionary<string, string?>? environment = null) => new(command, environment ?? []);

    /// <summary>Its process number.</summary>
    public int Id => _process.Id;

    /// <summary>What it wrote so far.</summary>
    public string Output
    {
        get
        {
            lock (_gate)
                return _output.ToString();
        }
    }

    /// <summary>What it wrote to standard error so far.</summary>
    public string Error
    {
        get
        {
            lock (_gate)
                return _error.ToString();
        }
    }

    /// <summary>Waits until one of its streams holds the text.</summary>
    public void Await(string text) => Await(() => Output.Contains(text, StringComparison.Ordinal) || Error.Contains(text, StringComparison.Ordinal), $"“{text}”");

    /// <summary>Waits until a condition on what it wrote holds.</summary>
    public void Await(Func<bool> condition, string what)
    {
        long began = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (!condition())
            {
                if (_closed == 2 || Stopwatch.GetElapsedTime(began) > PseudoTerminal.Patience)
                    Assert.Fail($"Waited in vain for {what}.\nOutput: {_output}\nError: {_error}");
                Monitor.Wait(_gate, TimeSpan.FromMilliseconds(100));
            }
        }
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Writes to its standard input.</summary>
    public void Write(string text)
    {
        _process.StandardInput.Write(text);
        _process.StandardInput.Flush();
    }

    /// <summary>Ends its standard input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Sends it a signal.</summary>
    public void Signal(int signal) => Assert.True(ProcessSignals.Send(Id, signal), $"signal {signal} had nobody to go to");

    /// <summary>Waits until it ended.</summary>
    public Ended WaitForEnd()
    {
        using (this)
        {
            Assert.True(_process.WaitForExit(PseudoTerminal.Patience), $"It does not end.\nOutput: {Output}\nError: {Error}");
            lock (_gate)
            {
                while (_closed < 2)
                    Assert.True(Monitor.Wait(_gate, PseudoTerminal.Patience), "Its streams stay open.");
            }

            return new Ended(_process.ExitCode, Output, Error);
        }
    }

    public void Dispose()
    {
        try
        {
            if (!_process.HasExited)
                _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It was disposed of before.
        }

        _process.Dispose();
    }

    private void Read(StreamReader reader, StringBuilder into) => new Thread(() =>
    {
        char[] buffer = new char[4096];
        int count;
        while ((count = reader.Read(buffer)) > 0)
        {
            lock (_gate)
            {
                into.Append(buffer, 0, count);
                Monitor.PulseAll(_gate);
            }
        }

        lock (_gate)
        {
            _closed++;
            Monitor.PulseAll(_gate);
        }
    })
    { IsBackground = true, Name = "reader" }.Start();
}
