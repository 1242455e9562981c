using System.Diagnostics;
using System.Globalization;
using NetLab.Core;
using NetLab.Core.Kernel;
using NetLab.Core.Tcp;

namespace NetLab.Tests.Kernel;

[Collection("Kernel")]
public class SyscallTraceSourceTests
{
    private static readonly string[] s_pythons = ["/usr/bin/python3", "/usr/local/bin/python3"];

    private const string Conversation = """
        import os, socket
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 0))
        server.listen(5)
        if os.fork() == 0:
            client = socket.create_connection(server.getsockname())
            client.sendall(b"hello")
            client.recv(4096)
            client.recv(4096)
            client.close()
            os._exit(0)
        connection, peer = server.accept()
        print(server.getsockname()[1], peer[1], flush=True)
        connection.recv(4096)
        connection.sendall(b"hello word")
        connection.close()
        os.wait()
        """;

    [Fact]
    public void A_program_and_its_child_are_told_call_by_call_as_strace_writes_them()
    {
        KernelAccess.RequireTrace();
        var journal = new Journal();
        var (output, process) = Run(journal, Conversation);
        string[] ports = output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var (server, client) = (ports[0], ports[1]);
        var calls = KernelEvents.Drain(journal).Where(e => e.Kind == EventKind.Syscall && e.Detail.Syscall.Phase == SyscallPhase.Returned).ToList();
        string[] parent = [.. calls.Where(e => e.ProcessId == process).Select(e => Text(journal, e))];
        string[] child = [.. calls.Where(e => e.ProcessId != process).Select(e => Text(journal, e))];

        Assert.Equal(
            [
                "socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3",
                "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, …, 4) = 0",
                $"bind(3, 127.0.0.1:{server}) = 0",
                "listen(3, 5) = 0",
                $"accept4(3, SOCK_CLOEXEC) = 4 from 127.0.0.1:{client}",
                "recvfrom(4, …, 4096, 0) = 5",
                "sendto(4, …, 10, 0) = 10",
                "close(4) = 0",
            ],
            parent.SkipWhile(text => !text.StartsWith("socket", StringComparison.Ordinal))
                .Where(text => !text.StartsWith("getsockopt", StringComparison.Ordinal)).Take(8));
        Assert.Contains($"connect(4, 127.0.0.1:{server}) = 0", child);
        Assert.Contains("recvfrom(4, …, 4096, 0) = 10", child);
    }

    [Fact]
    public void Every_entry_has_its_return_and_they_enclose_the_state_that_they_cause()
    {
        KernelAccess.RequireTrace();
        var journal = new Journal();
        using var states = StateTraceSource.Start(journal, PortFilter.All, out var obstacle);
        Assert.True(states is not null, obstacle?.ToString());
        var (output, process) = Run(journal, Conversation);
        states.Flush();
        ushort server = ushort.Parse(output.Split(' ')[0], CultureInfo.InvariantCulture);
        var events = KernelEvents.Drain(journal).Where(e => e.ProcessId == process || e.Kind == EventKind.State).ToList();

        int Find(string call, SyscallPhase phase) => events.FindIndex(e =>
            e.Kind == EventKind.Syscall && journal.Names[e.Detail.Syscall.Name] == call && e.Detail.Syscall.Phase == phase && e.Tuple.Local.Port == server);
        int listening = events.FindIndex(e => e.Kind == EventKind.State && e.Detail.State.To == TcpState.Listen && e.Tuple.Local.Port == server);
        int closing = events.FindIndex(e => e.Kind == EventKind.State && e.Detail.State.To == TcpState.FinWait1 && e.Tuple.Local.Port == server);
        Assert.InRange(listening, Find("listen", SyscallPhase.Entered) + 1, Find("listen", SyscallPhase.Returned) - 1);
        Assert.True(closing > Find("close", SyscallPhase.Entered));
        Assert.Equal(events[listening].Socket, events[Find("listen", SyscallPhase.Returned)].Socket);
        Assert.Equal(
            events.Count(e => e.Kind == EventKind.Syscall && e.Detail.Syscall.Phase == SyscallPhase.Entered),
            events.Count(e => e.Kind == EventKind.Syscall && e.Detail.Syscall.Phase == SyscallPhase.Returned));
    }

    [Fact]
    public void A_call_that_waits_is_there_before_it_returns_and_only_sockets_are_told()
    {
        KernelAccess.RequireTrace();
        var journal = new Journal();
        using var source = SyscallTraceSource.Start(journal, out var obstacle);
        Assert.True(source is not null, obstacle?.ToString());
        Process? process = null;
        Assert.Null(source.Launch(() => process = Start("import socket, sys\ns = socket.create_server(('127.0.0.1', 0))\nprint(1, flush=True)\ns.accept()")));
        using var running = process!;
        Assert.Equal("1", running.StandardOutput.ReadLine());
        var (reader, entered) = (journal.OpenReader(), new List<LabEvent>());
        Assert.True(SpinWait.SpinUntil(() => HasAccept(source, reader, entered, journal), TimeSpan.FromSeconds(10)));
        running.Kill();
        running.WaitForExit();

        Assert.DoesNotContain(entered, e => journal.Names[e.Detail.Syscall.Name] is "read" or "write" or "close" && e.Tuple.IsUnknown);
        Assert.DoesNotContain(entered, e => journal.Names[e.Detail.Syscall.Name] == "accept4" && e.Detail.Syscall.Phase == SyscallPhase.Returned);
    }

    [Fact]
    public void The_peer_of_each_accepted_connection_is_its_own_though_all_have_one_descriptor_in_turn()
    {
        KernelAccess.RequireTrace();
        var journal = new Journal();
        var (output, process) = Run(journal, """
            import os, socket
            server = socket.create_server(("127.0.0.1", 0), backlog=128)
            child = os.fork()
            for _ in range(200):
                if child == 0:
                    client = socket.create_connection(server.getsockname())
                    client.recv(1)
                    client.close()
                else:
                    connection, peer = server.accept()
                    print(peer[1])
                    connection.close()
            if child == 0:
                os._exit(0)
            os.wait()
            """);
        var accepted = KernelEvents.Drain(journal).Where(e => e.Kind == EventKind.Syscall && e.ProcessId == process
            && e.Detail.Syscall.Phase == SyscallPhase.Returned && journal.Names[e.Detail.Syscall.Name] == "accept4").ToList();

        Assert.Single(accepted.Select(e => e.Detail.Syscall.Result).Distinct());
        // A peer that could not be asked any more is unknown; never is it that of another connection.
        string[] expected = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected.Length, accepted.Count);
        Assert.All(expected.Zip(accepted), pair => Assert.Contains(pair.Second.Tuple.Remote.Port, new[] { (ushort)0, ushort.Parse(pair.First) }));
        // Nearly all are known where the processors are free; how many when they are not is the machine's affair.
        Assert.InRange(accepted.Count(e => e.Tuple.Remote.Port != 0), expected.Length / 4, expected.Length);
    }

    private static bool HasAccept(SyscallTraceSource source, JournalReader reader, List<LabEvent> events, Journal journal)
    {
        source.Flush();
        while (reader.TryRead(Timestamp.MaxValue, out var entry, out _))
            events.Add(entry);
        return events.Exists(e => journal.Names[e.Detail.Syscall.Name] == "accept4");
    }

    private static (string Output, int ProcessId) Run(Journal journal, string program)
    {
        using var source = SyscallTraceSource.Start(journal, out var obstacle);
        Assert.True(source is not null, obstacle?.ToString());
        Process? process = null;
        Assert.Null(source.Launch(() => process = Start(program)));
        using var running = process!;
        string output = running.StandardOutput.ReadToEnd();
        running.WaitForExit();
        source.Flush();
        Assert.Equal(0, source.Lost);
        return (output, running.Id);
    }

    private static Process Start(string program)
    {
        string python = s_pythons.FirstOrDefault(File.Exists) ?? "";
        Assert.SkipUnless(python.Length > 0, "Needs python3.");
        return Process.Start(new ProcessStartInfo(python, ["-c", program]) { RedirectStandardOutput = true })!;
    }

    private static string Text(Journal journal, LabEvent e) => SyscallDecoder.Format(journal.Names[e.Detail.Syscall.Name], e.Detail.Syscall, e.Tuple);
}
