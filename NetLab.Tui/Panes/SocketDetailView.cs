using System.Globalization;
using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>One socket: whose it is, what the kernel counts of it, and the states that it went through.</summary>
internal static class SocketDetailView
{
    /// <summary>How many rows it takes below the table.</summary>
    public const int Rows = 17;

    private const int LabelColumns = 13;

    public static void Draw(Canvas canvas, in SocketEntry row, PaneContext context)
    {
        DrawTitle(canvas, row, context);
        int middle = canvas.Width * 2 / 5;
        var left = canvas.Slice(new Rectangle(1, 2, middle - 2, canvas.Height - 2));
        var right = canvas.Slice(new Rectangle(middle + 1, 2, canvas.Width - middle - 2, canvas.Height - 2));
        int y = DrawFacts(left, 0, "owner", Owner(row, context));
        y = DrawFacts(left, y + 1, "queues", Queues(row));
        DrawHistory(left.Slice(left.Bounds with { Y = y + 1, Height = left.Height - y - 1 }), row, context);
        y = DrawFacts(right, 0, "figures of the kernel", Figures(row, context));
        DrawCourse(right, y, "rtt so far", context.Lab.View.Figures.RoundTrips, row, context);
        DrawCourse(right, y + 1, "cwnd so far", context.Lab.View.Figures.Windows, row, context);
    }

    private static void DrawTitle(Canvas canvas, in SocketEntry row, PaneContext context)
    {
        bool gone = row.Gone != Timestamp.MaxValue;
        int x = canvas.Write(1, 0, Theme.Title, $"{(row.Detail.Protocol == 6 ? "tcp" : "udp")}  {row.Key.Tuple.Local}");
        x = canvas.Write(x, 0, Theme.Title, row.Key.Tuple.Remote.IsUnknown ? "" : $" ⇄ {row.Key.Tuple.Remote}");
        x = canvas.Write(x + 3, 0, gone ? Theme.Faint : Theme.Now, gone ? "× gone" : SocketsView.StateName(row.Detail));
        x = canvas.Write(x + 2, 0, Theme.Faint, "sampled");
        if (row.Key.Tuple.Remote.IsUnknown || canvas.Width >= 100)
            canvas.Write(x + 2, 0, Theme.Faint, $"first seen {row.Appeared.ToDateTime():HH:mm:ss} UTC");
    }

    private static IEnumerable<(string Label, string Value)> Owner(SocketEntry row, PaneContext context)
    {
        bool known = row.ProcessId != 0;
        yield return ("process", known ? context.Names[row.Process] : row.Key.Inode == 0 ? "the kernel" : "not known");
        yield return ("pid", known ? Number(row.ProcessId) : "");
        yield return ("fd", row.Detail.Descriptor >= 0 ? Number(row.Detail.Descriptor) : "");
        yield return ("user", UserNames.Of(row.Detail.UserId) is var name && name == Number(row.Detail.UserId) ? name : $"{name} ({row.Detail.UserId})");
        yield return ("inode", row.Key.Inode == 0 ? "" : Number((long)row.Key.Inode));
    }

    private static IEnumerable<(string Label, string Value)> Queues(SocketEntry row)
    {
        bool listens = row.Detail is { Protocol: 6, State: TcpState.Listen };
        yield return (listens ? "to accept" : "to read", listens ? Number(row.Detail.ReceiveQueue) : $"{row.Detail.ReceiveQueue} bytes");
        yield return (listens ? "backlog" : "unacked", listens ? Number(row.Detail.SendQueue) : $"{row.Detail.SendQueue} bytes");
    }

    private static IEnumerable<(string Label, string Value)> Figures(SocketEntry row, PaneContext context)
    {
        if (row.Detail.Timer != SocketTimer.Off)
            yield return ("timer", $"{TimerName(row.Detail.Timer)} {Math.Ceiling(row.TimerRemaining(context.Now).Seconds):0} s");
        var view = context.Lab.View.Figures;
        if (view.Tuple != row.Key.Tuple || view.Latest is not { } figures)
            yield break;
        if (figures.HasTcp != 0)
        {
            yield return ("rtt", $"{Micro(figures.RoundTrip)} ± {Micro(figures.RoundTripVariation)}, least {Micro(figures.LeastRoundTrip)}");
            yield return ("rto", Micro(figures.RetransmissionTimeout));
            string threshold = figures.SlowStartThreshold >= 0x7fffffff ? "slow start" : $"ssthresh {figures.SlowStartThreshold}";
            yield return ("cwnd", $"{figures.CongestionWindow} segments, {threshold}, {figures.Algorithm}");
            yield return ("in flight", $"{figures.Unacknowledged} segments, {figures.Lost} held lost");
            yield return ("retransmits", figures.Retransmits == 0 ? "0" : $"{figures.Retransmits} segments, {Bytes(figures.BytesRetransmitted)}");
            yield return ("sent", $"{Bytes(figures.BytesAcknowledged)} acknowledged, {figures.SegmentsOut} segments");
            yield return ("received", $"{Bytes(figures.BytesReceived)}, {figures.SegmentsIn} segments");
            yield return ("mss", $"{figures.SendSegmentSize} to send, {figures.ReceiveSegmentSize} received, mtu {figures.PathMtu}");
            yield return ("window", $"{Bytes(figures.SendWindow)}, scales {figures.WindowScales & 15} and {figures.WindowScales >> 4}");
            yield return ("options", Options(figures.Options));
        }
        else if (figures.Algorithm.Length > 0)
        {
            yield return ("congestion", figures.Algorithm);
        }

        yield return ("memory", $"{Bytes(figures.ReceiveMemory)} of {Bytes(figures.ReceiveBuffer)} to read");
        yield return ("", $"{Bytes(figures.SendMemory)} of {Bytes(figures.SendBuffer)} to send");
        if (figures.Drops > 0)
            yield return ("dropped", $"{figures.Drops} packets for want of room");
    }

    private static string Micro(uint microseconds) => Duration.FromMicroseconds(microseconds).ToString();

    // Powers of 1,024, as the buffers' sizes are.
    private static string Bytes(ulong count) => count switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{count} B"),
        < 10_000 << 10 => string.Create(CultureInfo.InvariantCulture, $"{count >> 10} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count >> 20} MiB"),
    };

    private static string Options(byte options)
    {
        string[] names = ["time stamps", "SACK", "window scaling", "ECN"];
        string text = string.Join(", ", names.Where((_, bit) => (options & 1 << bit) != 0));
        return text.Length == 0 ? "none" : text;
    }

    private static void DrawCourse(Canvas canvas, int y, string label, IReadOnlyList<double> values, in SocketEntry row, PaneContext context)
    {
        if (context.Lab.View.Figures.Tuple != row.Key.Tuple || values.Count < 2 || y >= canvas.Height)
            return;
        canvas.Write(2, y, Theme.Faint, label);
        int room = Math.Min(values.Count, canvas.Width - 2 - LabelColumns);
        Sparkline.Draw(canvas.Slice(new Rectangle(2 + LabelColumns, y, room, 1)), Theme.Now, [.. values]);
    }

    private static void DrawHistory(Canvas canvas, in SocketEntry row, PaneContext context)
    {
        var tuple = row.Key.Tuple;
        var end = context.Lab.View.Connections.Ends.LastOrDefault(end => end.Tuple == tuple);
        if (row.Detail.Protocol != 6 || canvas.Height < 2)
            return;
        canvas.Write(0, 0, Theme.Faint, end is null ? "history" : $"history  {end.Provenance.Name()}");
        if (end is null)
        {
            canvas.Write(2, 1, Theme.Faint, "none: NetLab did not watch it");
            return;
        }

        // The newest states where not all find room.
        int first = Math.Max(0, end.Path.Count - (canvas.Height - 1));
        for (int step = first; step < end.Path.Count; step++)
        {
            var change = end.Path[step];
            bool present = step == end.Path.Count - 1;
            var line = canvas.Slice(new Rectangle(0, step - first + 1, canvas.Width, 1));
            line.Write(0, 0, Theme.Now, present && !end.IsOver ? "▶" : " ");
            // Where it is narrow the cause is worth more than the time.
            int left = canvas.Width >= 36 ? 12 : 2;
            if (left > 2)
                line.Write(2, 0, Theme.Faint, $"{(change.Time - (context.Lab.Run?.Started ?? end.Path[0].Time)).Seconds:0.000000}");
            line.Write(left, 0, present ? Theme.Now : Theme.Text, StatesPane.StateText(change));
            line.WriteField(left + 13, 0, line.Width - left - 13, Alignment.Left, Theme.Faint, change.Cause);
        }
    }

    private static int DrawFacts(Canvas canvas, int y, string heading, IEnumerable<(string Label, string Value)> facts)
    {
        canvas.Write(0, y++, Theme.Faint, heading);
        foreach (var (label, value) in facts)
        {
            canvas.Write(2, y, Theme.Faint, label);
            canvas.WriteField(2 + LabelColumns, y, canvas.Width - 2 - LabelColumns, Alignment.Left, Theme.Text, value.Length == 0 ? "–" : value);
            y++;
        }

        return y;
    }

    private static string TimerName(SocketTimer timer) => timer switch
    {
        SocketTimer.Retransmission => "retransmission in",
        SocketTimer.KeepAlive => "keep-alive in",
        SocketTimer.TimeWait => "TIME_WAIT ends in",
        SocketTimer.Probe => "window probe in",
        _ => "none",
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
