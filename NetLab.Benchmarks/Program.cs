using BenchmarkDotNet.Running;
using NetLab.Benchmarks;
using NetLab.Benchmarks.Fuzz;

// The live benchmark starts this program a second time for its traffic.
if (args is [LiveBenchmark.Traffic, var port, var rate, var seconds])
{
    LiveBenchmark.MakeTraffic(ushort.Parse(port), int.Parse(rate), int.Parse(seconds));
    return 0;
}

// The figures that README quotes, each by its name: dotnet run -c Release --project NetLab.Benchmarks -- frame journal start
string[] known = ["frame", "journal", "start", "packets", "files", "open", "live", "read", "kernel", "peers", "dns", "dnsserver", "fuzz"];
if (args.Length == 0 || !known.Contains(args[0]))
{
    Console.Error.WriteLine($"Which? {string.Join(", ", known)}; several may follow each other. 'kernel' takes states, sockets or syscalls; 'fuzz' takes minutes and perhaps a seed.");
    return 2;
}

if (args[0] == "kernel")
    return KernelBenchmark.Run(args.AsSpan(1), Console.Out);
if (args[0] == "fuzz")
    return FuzzRunner.Run(args.AsSpan(1), Console.Out);
foreach (string name in args)
{
    switch (name)
    {
        case "frame": FrameBenchmark.Report(Console.Out); break;
        case "journal": JournalBenchmark.Report(Console.Out); break;
        case "start": StartBenchmark.Report(Console.Out); break;
        case "peers": PeersBenchmark.Report(Console.Out); break;
        case "open": PacketFileBenchmark.Report(Console.Out); break;
        case "live": LiveBenchmark.Report(Console.Out, 80_000); break;
        case "packets": BenchmarkRunner.Run<PacketBenchmark>(); break;
        case "dnsserver": DnsServerBenchmark.Report(Console.Out); break;
        case "dns": DnsBenchmark.Report(Console.Out); break;
        case "read": ReadBenchmark.Report(Console.Out); break;
        case "files": BenchmarkRunner.Run<CaptureFileBenchmark>(); break;
    }
}

return 0;
