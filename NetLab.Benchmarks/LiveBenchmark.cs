using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NetLab.Core;
using NetLab.Core.Interop;
using NetLab.Core.Scripts;
using NetLab.Core.Session;
using NetLab.Tui.App;
using NetLab.Tui.Panes;
using NetLab.Tui.Rendering;

namespace NetLab.Benchmarks;

/// <summary>
/// Loopback HTTP under capture with the interface open, without its terminal: all instruments into the journal, all views, the Packets tab at 30
/// frames a second. Another process makes the traffic. It needs root.
/// </summary>
internal static class LiveBenchmark
{
    /// <summary>The word after which this program only makes traffic.</summary>
    public const string Traffic = "traffic";

    private const int Seconds = 10, Columns = 120, Rows = 40, PacketsAnExchange = 2;
    private static readonly TimeSpan s_frame = TimeSpan.FromSeconds(1.0 / 30);

    public static void Report(TextWriter output, int rate)
    {
        const ushort port = 18_980;
        using var lab = new Laboratory(() => KernelClock.Now, Duration.FromMilliseconds(250));
        using var view = new LabScreen(ScriptLibrary.Names);
        view.ShowTab(LabScreen.PacketsTab);
        lab.Instruments.Watch([port]);
        if (lab.Instruments.PacketObstacle is { } obstacle)
        {
            output.WriteLine($"live: {obstacle}");
            return;
        }

        lab.View.Connections.Sources(lab.Instruments.HasStates, lab.Instruments.HasPackets);
        var screen = new Screen(Columns, Rows);
        var encoder = new FrameEncoder(ColorDepth.TrueColor);
        using var traffic = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Traffic, $"{port}", $"{rate}", $"{Seconds + 2}"]))!;
        var works = new List<double>();
        var lates = new List<double>();
        Thread.Sleep(1_500);
        lab.Update(KernelClock.Now);
        long missed = lab.View.Missed;
        long packets = lab.Instruments.Captured, began = Stopwatch.GetTimestamp(), written = 0;
        var next = TimeSpan.Zero;
        while (Stopwatch.GetElapsedTime(began) is var now && now.TotalSeconds < Seconds)
        {
            if (now < next)
            {
                Thread.Sleep(next - now);
                continue;
            }

            lates.Add((now - next).TotalMilliseconds);
            long start = Stopwatch.GetTimestamp();
            lab.Update(KernelClock.Now, 50_000);
            view.Draw(screen.Begin(), new PaneContext(lab, KernelClock.Now, lab.Journal.Names));
            written += encoder.Encode(screen).Length;
            works.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            next += s_frame;
            // A frame that is missed is missed; the next has its own moment.
            while (next + s_frame < Stopwatch.GetElapsedTime(began))
                next += s_frame;
        }

        double elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
        packets = lab.Instruments.Captured - packets;
        works.Sort();
        lates.Sort();
        output.WriteLine(FormattableString.Invariant(
            $"live: {packets / elapsed:0} packets a second for {elapsed:0} s, dropped by the kernel and the trace {lab.Instruments.LostPackets}, passed over by the views {lab.View.Missed - missed}"));
        output.WriteLine(FormattableString.Invariant(
            $"      {works.Count} of {Seconds * 30} frames; a frame's work: median {works[works.Count / 2]:0.0} ms, 99 % {works[works.Count * 99 / 100]:0.0} ms; late: 99 % {lates[lates.Count * 99 / 100]:0.0} ms"));
        output.WriteLine(FormattableString.Invariant(
            $"      journal {lab.Journal.Capacity >> 20} MiB at its bound, managed heap {GC.GetTotalMemory(true) >> 20} MiB, resident {Environment.WorkingSet >> 20} MiB, {written / works.Count} bytes a frame"));
        traffic.WaitForExit();
    }

    /// <summary>Requests and answers over a few connections, so many packets a second as are wished for or can be had.</summary>
    public static void MakeTraffic(ushort port, int rate, int seconds)
    {
        const int connections = 4;
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        byte[] request = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8.ToArray();
        byte[] answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"u8.ToArray();
        var pairs = Enumerable.Range(0, connections).Select(_ =>
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            client.Connect(new IPEndPoint(IPAddress.Loopback, port));
            var server = listener.Accept();
            server.NoDelay = true;
            return (client, server);
        }).ToArray();
        byte[] buffer = new byte[256];
        long began = Stopwatch.GetTimestamp(), exchanges = 0;
        while (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed.TotalSeconds < seconds)
        {
            // In step with the clock, at most ten milliseconds' worth at a time.
            if (exchanges * PacketsAnExchange > elapsed.TotalSeconds * rate)
            {
                Thread.Sleep(1);
                continue;
            }

            foreach (var (client, server) in pairs)
            {
                client.Send(request);
                server.Receive(buffer);
                server.Send(answer);
                client.Receive(buffer);
                exchanges++;
            }
        }
    }
}
