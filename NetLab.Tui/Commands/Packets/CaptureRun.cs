using System.Globalization;
using NetLab.Core;
using NetLab.Core.Capture;
using NetLab.Core.Packets;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary>One live capture from its begin to its statistics.</summary>
internal sealed class CaptureRun(CommandContext context, PacketRequest request, DisplayFilter? filter, PacketPrinter printer)
{
    // How late the end of the time, or of the output's reader, may be noticed while nothing passes.
    private static readonly Duration s_look = Duration.FromMilliseconds(500);

    /// <summary>Where packets are saved; null to print them, "-" for standard output.</summary>
    public string? Path { get; init; }

    /// <summary>How many bytes a ring of files keeps; null for one file.</summary>
    public long? RingSize { get; init; }

    /// <summary>How many packets to print or save at most.</summary>
    public long Most { get; init; } = long.MaxValue;

    /// <summary>How long to capture; null for no end.</summary>
    public Duration? Length { get; init; }

    /// <summary>Captures until Ctrl+C, the count or the time.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        using var capture = LiveCapture.Open(request, out var obstacle, out var refusal);
        if (capture is null)
            return CaptureCommand.Refuse(context, Mending(obstacle!, refusal), refusal);
        using var wakes = context.Interrupt.Register(capture.Wake);
        var output = new ByteOutput(context.OutputBytes);
        using var sink = Path switch
        {
            null => null,
            "-" => CaptureSink.To(context.OutputBytes, capture.LinkType, request.SnapLength),
            _ => CaptureSink.To(Path, capture.LinkType, request.SnapLength, RingSize, out obstacle),
        };
        if (obstacle is not null)
            return CaptureCommand.Refuse(context, obstacle, CaptureRefusal.Other);
        context.Error.WriteLine($"listening on {EventText.Printable(request.Interface)}, link-type {Name(capture.LinkType)}, snapshot length {request.SnapLength} bytes");
        try
        {
            if (sink is null)
                printer.Begin(output);
            Follow(capture, sink, output);
            output.Flush();
            sink?.Flush();
        }
        finally
        {
            WriteStatistics(context.Error, capture);
        }

        return capture.Ended is { } ended ? CaptureCommand.Refuse(context, ended, CaptureRefusal.Other) : ExitCode.Done;
    }

    private void Follow(LiveCapture capture, CaptureSink? sink, ByteOutput output)
    {
        var history = (sink is null ? printer : null).HistoryFor(filter);
        var scratch = new Dissection();
        Timestamp? end = Length is { } length ? context.Clock() + length : null;
        bool hasEnd = false;
        for (long taken = 0; taken < Most;)
        {
            // What passed before the interruption is still taken; what comes after is not, or a flood would never end.
            if (context.Interrupt.IsCancellationRequested && !hasEnd)
                (end, hasEnd) = (context.Clock(), true);
            if (!capture.TryRead(out var packet))
            {
                if (capture.Ended is not null || end is { } over && context.Clock() > over + LiveCapture.Latency)
                    return;
                output.Flush();
                sink?.Flush();
                capture.Wait(end is { } last ? Shorter(last + LiveCapture.Latency - context.Clock(), s_look) : s_look);
                continue;
            }

            if (packet.Time > end)
                return;
            var frame = new Frame((LinkType)packet.LinkType, packet.Bytes, packet.OriginalLength) { Number = packet.Number, Time = packet.Time };
            if (history is not null)
                frame = frame.With(history.Take(frame));
            if (filter is not null && !filter.Matches(frame, scratch))
            {
                printer.PassOver(frame);
                continue;
            }

            taken++;
            if (sink is not null)
                sink.Write(packet.Time, packet.LinkType, packet.OriginalLength, packet.Bytes);
            else
                printer.Print(frame, output);
        }
    }

    private static Duration Shorter(Duration one, Duration other) => one > other ? other : one > Duration.Zero ? one : Duration.Zero;

    private static void WriteStatistics(TextWriter error, LiveCapture capture)
    {
        error.WriteLine($"{Packets(capture.Captured)} captured");
        if (capture.Statistics() is not { } counted)
            return;
        error.WriteLine($"{Packets(counted.Received)} received by filter");
        error.WriteLine($"{Packets(counted.Dropped)} dropped by kernel");
        if (counted.DroppedByInterface > 0)
            error.WriteLine($"{Packets(counted.DroppedByInterface)} dropped by interface");
    }

    private static string Packets(long count) => count == 1 ? "1 packet" : string.Create(CultureInfo.InvariantCulture, $"{count} packets");

    // The doctor knows which command lets this very program capture; and a name that is none is best answered with those that are.
    private Obstacle Mending(Obstacle obstacle, CaptureRefusal refusal) => refusal switch
    {
        CaptureRefusal.NotPermitted when CaptureDoctor.Examine(SystemProbe.Gather()).First(finding => finding.Subject == "capture") is { Commands: [var command, ..] } finding =>
            new Obstacle($"{finding.Found} {finding.Why}", command),
        CaptureRefusal.NoSuchInterface when NetworkInterfaces.List(out _) is { Count: > 0 } known =>
            new Obstacle($"There is no interface '{request.Interface}'; there are {string.Join(", ", known.Where(one => one.IsUp).Select(one => one.Name))}."),
        _ => obstacle,
    };

    private static string Name(ushort linkType) => (LinkType)linkType switch
    {
        LinkType.Ethernet => "EN10MB (Ethernet)",
        LinkType.LinuxCooked => "LINUX_SLL (Linux cooked v1)",
        LinkType.LinuxCooked2 => "LINUX_SLL2 (Linux cooked v2)",
        LinkType.Raw or LinkType.RawLive => "RAW (Raw IP)",
        _ => linkType.ToString(CultureInfo.InvariantCulture),
    };
}
