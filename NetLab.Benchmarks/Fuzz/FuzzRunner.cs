using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace NetLab.Benchmarks.Fuzz;

/// <summary>
/// <c>fuzz MINUTES [SEED]</c>: for that long, wild input through everything that reads it. An input that throws, says what it must not, or takes
/// longer than ten seconds is saved; the run then goes on (a hang ends it). The captures to change lie in shared/fixtures beside the repository, or in
/// the folder that NETLAB_FUZZ_CAPTURES names; without any the inputs are random.
/// </summary>
internal static class FuzzRunner
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_report = TimeSpan.FromMinutes(1);

    public static int Run(ReadOnlySpan<string> arguments, TextWriter output)
    {
        int seed = Environment.TickCount;
        if (arguments.Length is 0 or > 2 || !double.TryParse(arguments[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double minutes) || minutes <= 0
            || arguments.Length == 2 && !int.TryParse(arguments[1], out seed))
        {
            output.WriteLine("fuzz takes the minutes to run, and then perhaps a seed.");
            return 2;
        }

        string[] captures = Captures();
        var inputs = new FuzzInputs(seed, captures);
        string folder = Path.Combine(Path.GetTempPath(), $"netlab-fuzz-{seed}");
        output.WriteLine($"fuzz: seed {seed}, {inputs.Packets} packets and {inputs.Files} files of {captures.Length} captures, {minutes} minutes");
        var run = new FuzzRun(inputs, folder, output);
        run.For(TimeSpan.FromMinutes(minutes), s_report, s_patience);
        output.WriteLine($"fuzz: {run.Executions} executions ({run.Figures}), seed {seed}, {run.Failures} failures{(run.Failures > 0 ? $", inputs in {folder}" : "")}, "
            + $"{Environment.WorkingSet >> 20} MiB in use");
        return run.Failures == 0 ? 0 : 1;
    }

    private static string[] Captures()
    {
        string? folder = Environment.GetEnvironmentVariable("NETLAB_FUZZ_CAPTURES");
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); folder is null && above is not null; above = above.Parent)
        {
            string candidate = Path.Combine(above.FullName, "shared", "fixtures", "pcaps");
            folder = Directory.Exists(candidate) ? candidate : null;
        }

        return folder is null ? [] : [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
    }
}

/// <summary>One run: its counts, and the input that is being tried.</summary>
internal sealed class FuzzRun(FuzzInputs inputs, string folder, TextWriter output)
{
    private readonly FuzzTargets _targets = new();
    private readonly HashSet<string> _known = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _packets, _files, _texts, _zones;
    private byte[] _input = [];
    private string _kind = "";
    private long _began;

    public long Executions => _packets + _files + _texts + _zones;

    public string Figures => $"{_packets} packets, {_files} files, {_texts} filters, {_zones} zone files";

    public int Failures { get; private set; }

    public void For(TimeSpan length, TimeSpan report, TimeSpan patience)
    {
        using var watch = new Timer(_ => EndAHang(patience), null, patience, patience);
        var next = report;
        while (_clock.Elapsed < length)
        {
            Volatile.Write(ref _began, _clock.ElapsedMilliseconds);
            for (int turn = 0; turn < 64; turn++)
                One();
            if (_clock.Elapsed < next)
                continue;
            output.WriteLine($"fuzz: {_clock.Elapsed:hh\\:mm\\:ss}  {Executions} executions, {Failures} failures, {Environment.WorkingSet >> 20} MiB");
            next += report;
        }
    }

    private void One()
    {
        int what = inputs.Below(64);
        if (what == 0)
        {
            string text = inputs.Text();
            _texts++;
            Try("filter.txt", Encoding.UTF8.GetBytes(text), () => _targets.Text(text));
        }
        else if (what == 1)
        {
            string text = inputs.ZoneFile();
            _zones++;
            Try("zone", Encoding.Latin1.GetBytes(text), () => _targets.ZoneFile(text));
        }
        else if (what < 4)
        {
            byte[] file = inputs.File();
            _files++;
            Try("capture", file, () => _targets.File(file));
        }
        else
        {
            var (link, bytes, wire) = inputs.Packet();
            _packets++;
            Try($"packet-{link}-{wire}", bytes, () => _targets.Packet(link, bytes, wire));
        }
    }

    private void Try(string kind, byte[] input, Action action)
    {
        (_kind, _input) = (kind, input);
        try
        {
            action();
        }
        catch (Exception failure)
        {
            Failures++;
            Save(failure.ToString());
        }
    }

    // One of a kind is enough: the same exception at the same place is only counted.
    private void Save(string failure)
    {
        string[] lines = failure.Split('\n');
        if (!_known.Add(lines.FirstOrDefault(line => line.Contains(" at NetLab.", StringComparison.Ordinal)) ?? failure))
            return;
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{_known.Count}-{_kind}");
        File.WriteAllBytes(path, _input);
        File.WriteAllText(path + ".why", failure);
        output.WriteLine($"fuzz: {lines[0]}\n  input saved as {path}");
    }

    private void EndAHang(TimeSpan patience)
    {
        if (_clock.ElapsedMilliseconds - Volatile.Read(ref _began) < patience.TotalMilliseconds)
            return;
        Save($"64 executions took longer than {patience.TotalSeconds} s; this is one of them");
        output.Flush();
        Environment.Exit(1);
    }
}
