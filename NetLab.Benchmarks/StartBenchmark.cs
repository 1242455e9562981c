using System.Diagnostics;
using System.Text;

namespace NetLab.Benchmarks;

/// <summary>
/// The start to the first frame of the lab beside the whole run of an empty console program, both ReadyToRun, by turns; then what the lab costs
/// while nothing happens. Both run on a terminal that script(1) makes.
/// </summary>
internal static class StartBenchmark
{
    private const int Turns = 15;

    public static void Report(TextWriter output)
    {
        string root = FindRoot();
        string netlab = Path.Combine(root, ".build/bin/netlab");
        if (!File.Exists(netlab))
        {
            output.WriteLine("start: run ./netlab --version first, which builds what is measured.");
            return;
        }

        string folder = Directory.CreateTempSubdirectory("netlab-empty-").FullName;
        try
        {
            string empty = PublishEmpty(folder);
            var (frames, runs) = (new List<double>(), new List<double>());
            for (int turn = 0; turn <= Turns; turn++)
            {
                double run = UntilExit(empty), frame = UntilFirstFrame(netlab);
                if (turn == 0)
                    continue; // the files were not in the page cache yet
                runs.Add(run);
                frames.Add(frame);
            }

            output.WriteLine($"start: first frame after {Median(frames):0} ms, an empty program's whole run {Median(runs):0} ms "
                + $"(medians of {Turns} by turns): {Median(frames) / Median(runs):0.00} times");
            ReportIdle(netlab, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void ReportIdle(string netlab, TextWriter output)
    {
        using var terminal = Start(netlab);
        var reader = new FrameReader(terminal.StandardOutput.BaseStream);
        reader.ReadUntil("quit");
        reader.Drain(TimeSpan.FromSeconds(3));
        int process = Child(terminal.Id);
        long before = Ticks(process);
        long bytes = reader.Drain(TimeSpan.FromSeconds(10));
        double core = (Ticks(process) - before) / 100.0 / 10;
        output.WriteLine($"idle: {bytes} bytes written and {core:0.0%} of a core over 10 s");
        Quit(terminal);
    }

    /// <summary>Milliseconds from a program's start on a terminal until a text has come.</summary>
    internal static double UntilFirstFrame(string program, string text = "quit")
    {
        long start = Stopwatch.GetTimestamp();
        using var terminal = Start(program);
        new FrameReader(terminal.StandardOutput.BaseStream).ReadUntil(text);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Quit(terminal);
        return elapsed;
    }

    private static double UntilExit(string program)
    {
        long start = Stopwatch.GetTimestamp();
        using var terminal = Start(program);
        terminal.StandardOutput.ReadToEnd();
        terminal.WaitForExit();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static Process Start(string program)
    {
        var start = new ProcessStartInfo("script", ["-qfec", $"stty cols 120 rows 40; exec {program}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["LANG"] = "C.UTF-8";
        return Process.Start(start) ?? throw new InvalidOperationException("script(1) is missing.");
    }

    private static void Quit(Process terminal)
    {
        terminal.StandardInput.Write('q');
        terminal.StandardInput.Flush();
        terminal.StandardOutput.ReadToEnd();
        terminal.WaitForExit();
    }

    private static string PublishEmpty(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "empty.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <InvariantGlobalization>true</InvariantGlobalization>
                <SelfContained>false</SelfContained>
                <PublishReadyToRun>true</PublishReadyToRun>
              </PropertyGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), "System.Console.WriteLine();");
        string runtime = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64
            ? "linux-arm64" : "linux-x64";
        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", folder, "-c", "Release", "-r", runtime, "-o", $"{folder}/out", "-v", "quiet"])
        {
            RedirectStandardOutput = true,
        })!;
        string said = publish.StandardOutput.ReadToEnd();
        publish.WaitForExit();
        return publish.ExitCode == 0 ? $"{folder}/out/empty" : throw new InvalidOperationException(said);
    }

    private static int Child(int parent) =>
        int.Parse(File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]);

    private static long Ticks(int process)
    {
        string[] fields = File.ReadAllText($"/proc/{process}/stat").Split(' ');
        return long.Parse(fields[13]) + long.Parse(fields[14]);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    internal static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "NetLab.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The benchmarks do not lie below NetLab.sln.");
    }

    private sealed class FrameReader(Stream stream)
    {
        private readonly byte[] _buffer = new byte[65_536];
        private Task<int>? _pending;

        public void ReadUntil(string text)
        {
            var seen = new StringBuilder();
            while (!seen.ToString().Contains(text, StringComparison.Ordinal))
            {
                int count = stream.Read(_buffer);
                if (count == 0)
                    throw new InvalidOperationException($"netlab ended early: {seen}");
                seen.Append(Encoding.UTF8.GetString(_buffer, 0, count));
            }
        }

        /// <summary>How many bytes come in that time.</summary>
        public long Drain(TimeSpan time)
        {
            long total = 0, start = Stopwatch.GetTimestamp();
            while (time - Stopwatch.GetElapsedTime(start) is var left && left > TimeSpan.Zero)
            {
                _pending ??= stream.ReadAsync(_buffer).AsTask();
                if (!_pending.Wait(left))
                    break;
                total += _pending.Result;
                _pending = null;
            }

            return total;
        }
    }
}
