using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace NetLab.Benchmarks;

/// <summary>serve dns beside named: the same zone of 20,000 names, the same queries of dnsperf, by turns in one run.</summary>
internal static partial class DnsServerBenchmark
{
    private const int Turns = 3, Names = 20_000, Queries = 100_000, Seconds = 4, Seed = 4;

    public static void Report(TextWriter output)
    {
        string netlab = Path.Combine(StartBenchmark.FindRoot(), ".build/bin/netlab");
        if (!File.Exists(netlab))
        {
            output.WriteLine("dnsserver: run ./netlab --version first, which builds what is measured.");
            return;
        }

        foreach (string program in new[] { "/usr/sbin/named", "/usr/bin/dnsperf" })
        {
            if (File.Exists(program))
                continue;
            output.WriteLine($"dnsserver: {program} is missing: sudo apt-get install bind9 dnsperf");
            return;
        }

        string folder = Directory.CreateTempSubdirectory("netlab-dns-").FullName;
        try
        {
            Measure(netlab, folder, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string netlab, string folder, TextWriter output)
    {
        string zone = Path.Combine(folder, "bench.test.zone"), queries = Path.Combine(folder, "queries");
        WriteZone(zone);
        WriteQueries(queries);
        int port = FreePort(), namedPort = FreePort();
        string configuration = Path.Combine(folder, "named.conf");
        File.WriteAllText(configuration, $$"""
            options {
              directory "{{folder}}"; pid-file none; session-keyfile "{{folder}}/key"; listen-on port {{namedPort}} { 127.0.0.1; }; listen-on-v6 { none; };
              recursion no; minimal-responses no-auth; empty-zones-enable no; notify no; answer-cookie no;
            };
            controls { };
            zone "bench.test" { type primary; file "{{zone}}"; };
            """);
        using var named = Start("/usr/sbin/named", "-g", "-c", configuration);
        using var server = Start(netlab, "serve", "dns", "-p", $"{port}", "--zone", zone);
        try
        {
            AwaitPort(namedPort);
            AwaitPort(port);
            var (own, theirs) = (new List<double>(), new List<double>());
            for (int turn = 0; turn < Turns; turn++)
            {
                theirs.Add(Answers(namedPort, queries));
                own.Add(Answers(port, queries));
            }

            output.WriteLine($"serve dns: {Median(own):0} answers/s, named {Median(theirs):0} (medians of {Turns}; dnsperf, {Names} names, {Queries} queries, one in ten for "
                + $"a name that is not there; each with a line of the log): {Median(own) / Median(theirs):0.00} of it");
        }
        finally
        {
            Kill(server);
            Kill(named);
        }
    }

    private static void WriteZone(string path)
    {
        var text = new StringBuilder("$ORIGIN bench.test.\n$TTL 1h\n@ SOA ns keeper 1 1h 1h 1h 60\n NS ns\nns A 127.0.0.1\n");
        for (int index = 0; index < Names; index++)
        {
            text.Append(CultureInfo.InvariantCulture, $"h{index} A 10.0.{index >> 8}.{index & 255}\n");
            if (index % 2 == 1)
                text.Append(CultureInfo.InvariantCulture, $" AAAA 2001:db8::{index:x}\n");
            if (index % 5 == 0)
                text.Append(CultureInfo.InvariantCulture, $" MX 10 h{(index + 1) % Names}\n");
        }

        File.WriteAllText(path, text.ToString());
    }

    private static void WriteQueries(string path)
    {
        var random = new Random(Seed);
        var text = new StringBuilder();
        for (int index = 0; index < Queries; index++)
        {
            int name = random.Next(Names);
            text.Append(random.Next(10) switch { < 6 => $"h{name}.bench.test A\n", < 8 => $"h{name}.bench.test AAAA\n", 8 => $"h{name}.bench.test MX\n", _ => $"x{name}.bench.test A\n" });
        }

        File.WriteAllText(path, text.ToString());
    }

    private static double Answers(int port, string queries)
    {
        using var process = Process.Start(new ProcessStartInfo("dnsperf",
            ["-s", "127.0.0.1", "-p", $"{port}", "-d", queries, "-l", $"{Seconds}", "-c", "4", "-T", "1", "-q", "200"])
        { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("dnsperf does not start.");
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(Rate().Match(said).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static void AwaitPort(int port)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Connect(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (attempt < 200)
            {
                Task.Delay(50).Wait();
            }
        }
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments]))
        ?? throw new InvalidOperationException($"{program} does not start.");

    private static void Kill(Process process)
    {
        process.Kill();
        process.WaitForExit();
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    [GeneratedRegex(@"Queries per second:\s+([\d.]+)")]
    private static partial Regex Rate();
}
