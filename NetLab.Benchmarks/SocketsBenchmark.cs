using System.Diagnostics;
using NetLab.Core;
using NetLab.Core.Kernel;

namespace NetLab.Benchmarks;

/// <summary>
/// The socket table with owners, side by side with ss and lsof in one run: the whole command from call to last line, by turns with the peers, with the program that
/// ./netlab builds; and a refresh as the interface does it. Sockets of others on the machine slow all of them alike.
/// </summary>
internal static class SocketsBenchmark
{
    private const int Rounds = 11, Holders = 4;

    // Several processes hold the sockets, as servers do.
    private const string Holder = """
        import resource, socket, sys
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        server = socket.create_server(('127.0.0.1', 0), backlog=4096)
        held = []
        for _ in range(int(sys.argv[1])):
            held.append(socket.create_connection(server.getsockname()))
            held.append(server.accept()[0])
        print(len(held), flush=True)
        sys.stdin.read()
        """;

    internal static void Report(TextWriter output, int sockets)
    {
        string netlab = Path.Combine(StartBenchmark.FindRoot(), ".build/bin/netlab");
        if (!File.Exists(netlab))
        {
            output.WriteLine("sockets: run ./netlab --version first, which builds what is measured.");
            return;
        }

        var holders = Enumerable.Range(0, Holders).Select(_ => Process.Start(new ProcessStartInfo("python3", ["-c", Holder, $"{sockets / Holders / 2}"])
        { RedirectStandardInput = true, RedirectStandardOutput = true })!).ToList();
        try
        {
            foreach (var process in holders)
                process.StandardOutput.ReadLine();
            var commands = Commands(netlab);
            output.WriteLine($"sockets   {commands[2].Lines} lines of netlab sockets --tcp, {commands[0].Lines} of ss -tanp, {commands[1].Lines} of lsof -nP -iTCP");
            foreach (var command in commands[2..])
            {
                output.WriteLine($"          {command.Name} {command.Median:0} ms, ss {commands[0].Median:0} ms ({commands[0].Median / command.Median:0.00} times), "
                    + $"lsof {commands[1].Median:0} ms ({commands[1].Median / command.Median:0.00} times); medians of {Rounds} by turns");
            }

            Refresh(output, commands[0].Median);
        }
        finally
        {
            foreach (var process in holders)
            {
                process.StandardInput.Close();
                process.WaitForExit();
                process.Dispose();
            }
        }
    }

    private static Timed[] Commands(string netlab)
    {
        Timed[] commands =
        [
            new("ss -tanp", ["ss", "-tanp"]), new("lsof -nP -iTCP", ["lsof", "-nP", "-iTCP"]),
            new("netlab sockets --tcp", [netlab, "sockets", "--tcp"]), new("the same --lsof", [netlab, "sockets", "--tcp", "--lsof"]),
            new("the same --json", [netlab, "sockets", "--tcp", "--json"]),
        ];
        for (int round = 0; round <= Rounds; round++)
        {
            foreach (var command in commands)
                command.Run(isCounted: round > 0); // the first time the files were not in the page cache yet
        }

        return commands;
    }

    private static void Refresh(TextWriter output, double ss)
    {
        using var table = SocketTable.Snapshot(new NameTable(), SocketKinds.Tcp, PortFilter.All);
        for (int warm = 0; warm < 20; warm++)
            table.Refresh();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var times = new List<double>(Rounds);
        for (int round = 0; round < Rounds; round++)
        {
            long began = Stopwatch.GetTimestamp();
            table.Refresh();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        long garbage = (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
        int owned = 0;
        foreach (ref readonly var row in table.Rows)
            owned += row.ProcessId != 0 ? 1 : 0;
        times.Sort();
        output.WriteLine($"          refresh of {table.Rows.Length} rows, {owned} with owners, as the interface does it: {times[Rounds / 2]:0.0} ms "
            + $"({ss / times[Rounds / 2]:0.0} times as fast as a run of ss), {garbage} bytes allocated");
    }

    private sealed class Timed(string name, string[] command)
    {
        private readonly List<double> _times = [];

        public string Name => name;

        public int Lines { get; private set; }

        public double Median => _times.Order().ElementAt(_times.Count / 2);

        public void Run(bool isCounted)
        {
            long began = Stopwatch.GetTimestamp();
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            byte[] buffer = new byte[65_536];
            int lines = 0;
            while (process.StandardOutput.BaseStream.Read(buffer) is > 0 and var count)
                lines += buffer.AsSpan(0, count).Count((byte)'\n');
            process.WaitForExit();
            Lines = lines;
            if (isCounted)
                _times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }
}
