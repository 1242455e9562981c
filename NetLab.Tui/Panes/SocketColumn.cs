using NetLab.Core;
using NetLab.Core.Views;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>A column of the socket table: how it looks, what stands in it, and how rows are sorted by it.</summary>
internal sealed class SocketColumn
{
    private readonly Comparison<SocketEntry> _compare;

    private SocketColumn(string heading, Extent width, Alignment alignment, Comparison<SocketEntry> compare, SocketCell draw) =>
        (Look, _compare, Draw) = (new TableColumn(heading, width, alignment), compare, draw);

    public delegate void SocketCell(in SocketEntry row, Canvas cell, Style style, PaneContext context);

    /// <summary>Heading, width, alignment.</summary>
    public TableColumn Look { get; }

    /// <summary>Draws a cell.</summary>
    public SocketCell Draw { get; }

    /// <summary>Whether rows can be sorted by it.</summary>
    public bool Sorts => Look.Heading.Length > 0;

    /// <summary>The order of two rows; equal ones stand by port and address, so that the table stands still.</summary>
    public int Compare(in SocketEntry left, in SocketEntry right, NameTable names)
    {
        int order = ReferenceEquals(this, Process) ? string.CompareOrdinal(names[left.Process], names[right.Process]) : _compare(left, right);
        return order != 0 ? order : Fallback(left, right);
    }

    /// <summary>The columns for a pane of this width.</summary>
    public static SocketColumn[] For(int width) => width >= 104 ? s_wide : width >= 66 ? s_middle : s_narrow;

    /// <summary>The column that rows are sorted by at first.</summary>
    public static SocketColumn Local { get; } = new("local", Extent.Fill(3, 6), Alignment.Left, (a, b) => Compare(a.Key.Tuple.Local, b.Key.Tuple.Local),
        (in SocketEntry row, Canvas cell, Style style, PaneContext _) => WriteEndpoint(cell, style, row.Key.Tuple.Local));

    private static readonly SocketColumn s_sign = new("", Extent.Fixed(1), Alignment.Left, (_, _) => 0,
        (in SocketEntry row, Canvas cell, Style style, PaneContext context) => cell.Write(0, 0, style, Sign(row, context)));

    private static readonly SocketColumn s_protocol = new("proto", Extent.Fixed(6), Alignment.Left, (a, b) => a.Detail.Protocol.CompareTo(b.Detail.Protocol),
        (in SocketEntry row, Canvas cell, Style style, PaneContext _) => cell.Write(0, 0, style, row.Detail.Protocol == 6 ? "tcp" : "udp"));

    private static readonly SocketColumn s_remote = new("remote", Extent.Fill(3, 6), Alignment.Left, (a, b) => Compare(a.Key.Tuple.Remote, b.Key.Tuple.Remote),
        (in SocketEntry row, Canvas cell, Style style, PaneContext _) => WriteEndpoint(cell, style, row.Key.Tuple.Remote));

    private static readonly SocketColumn s_state = new("state", Extent.Fixed(11), Alignment.Left, (a, b) => a.Detail.State.CompareTo(b.Detail.State),
        (in SocketEntry row, Canvas cell, Style style, PaneContext _) =>
            cell.Write(0, 0, style, row.Gone != Timestamp.MaxValue ? "gone" : SocketsView.StateName(row.Detail)));

    private static readonly SocketColumn s_receive = Number("recv-q", 6, row => row.Detail.ReceiveQueue);
    private static readonly SocketColumn s_send = Number("send-q", 6, row => row.Detail.SendQueue);
    private static readonly SocketColumn s_processId = Number("pid", 7, row => row.ProcessId == 0 ? -1 : row.ProcessId);
    private static readonly SocketColumn s_descriptor = Number("fd", 5, row => row.Detail.Descriptor);

    private static readonly SocketColumn s_roundTrip = new("rtt", Extent.Fixed(6), Alignment.Right,
        (a, b) => a.Detail.RoundTripMicroseconds.CompareTo(b.Detail.RoundTripMicroseconds),
        (in SocketEntry row, Canvas cell, Style style, PaneContext _) =>
        {
            if (row.Detail.RoundTripMicroseconds != 0)
                cell.WriteField(0, 0, cell.Width, Alignment.Right, style, Duration.FromMicroseconds(row.Detail.RoundTripMicroseconds).ToString());
        });

    private static readonly SocketColumn s_timer = new("timer", Extent.Fixed(5), Alignment.Right,
        (a, b) => a.Detail.TimerRemaining.CompareTo(b.Detail.TimerRemaining),
        (in SocketEntry row, Canvas cell, Style style, PaneContext context) =>
        {
            if (row.Detail.Timer != SocketTimer.Off && row.Gone == Timestamp.MaxValue)
                cell.WriteField(0, 0, cell.Width, Alignment.Right, style, $"{(int)Math.Ceiling(row.TimerRemaining(context.Now).Seconds)} s");
        });

    private static readonly SocketColumn s_user = new("user", Extent.Fixed(9), Alignment.Left, (a, b) => a.Detail.UserId.CompareTo(b.Detail.UserId),
        (in SocketEntry row, Canvas cell, Style style, PaneContext _) =>
            cell.WriteField(0, 0, cell.Width, Alignment.Left, style, UserNames.Of(row.Detail.UserId)));

    private static SocketColumn Process { get; } = new("process", Extent.Fill(2, 9), Alignment.Left, (_, _) => 0,
        (in SocketEntry row, Canvas cell, Style style, PaneContext context) =>
            cell.WriteField(0, 0, cell.Width, Alignment.Left, style, context.Names[row.Process]));

    private static readonly SocketColumn[] s_narrow = [s_sign, s_protocol, Local, s_remote, s_state, Process];
    private static readonly SocketColumn[] s_middle = [s_sign, s_protocol, Local, s_remote, s_state, s_processId, Process];

    private static readonly SocketColumn[] s_wide =
        [s_sign, s_protocol, Local, s_remote, s_state, s_receive, s_send, s_roundTrip, s_timer, s_processId, s_descriptor, s_user, Process];

    /// <summary>New and gone rows have signs beside their colours.</summary>
    public static string Sign(in SocketEntry row, PaneContext context) =>
        row.Gone != Timestamp.MaxValue ? "×" : context.Lab.View.Sockets.IsFresh(row, context.Now) ? "+" : "";

    private static SocketColumn Number(string heading, int width, Func<SocketEntry, long> value) => new(heading, Extent.Fixed(width), Alignment.Right,
        (a, b) => value(a).CompareTo(value(b)),
        (in SocketEntry row, Canvas cell, Style style, PaneContext _) =>
        {
            long number = value(row);
            if (number < 0)
                return;
            Span<char> text = stackalloc char[20];
            number.TryFormat(text, out int length);
            cell.WriteField(0, 0, cell.Width, Alignment.Right, style, text[..length]);
        });

    private static int Compare(Endpoint left, Endpoint right)
    {
        int order = left.Port.CompareTo(right.Port);
        if (order != 0)
            return order;
        Span<byte> one = stackalloc byte[16], other = stackalloc byte[16];
        left.Address.WriteMapped(one);
        right.Address.WriteMapped(other);
        return one.SequenceCompareTo(other);
    }

    private static int Fallback(in SocketEntry left, in SocketEntry right)
    {
        int order = Compare(left.Key.Tuple.Local, right.Key.Tuple.Local);
        if (order == 0)
            order = Compare(left.Key.Tuple.Remote, right.Key.Tuple.Remote);
        return order != 0 ? order : left.Key.Inode.CompareTo(right.Key.Inode);
    }

    // In a narrow cell loopback addresses say nothing, so the port stands alone.
    private static void WriteEndpoint(Canvas cell, Style style, Endpoint endpoint)
    {
        if (endpoint.Port == 0)
            cell.Write(0, 0, style, endpoint.Address.IsUnspecified ? "*" : endpoint.Address.ToString());
        else if (endpoint.Address.IsUnspecified)
            cell.Write(0, 0, style, $"*:{endpoint.Port}");
        else if (cell.Width < 15 && endpoint.Address.IsLoopback)
            cell.Write(0, 0, style, $":{endpoint.Port}");
        else
            cell.WriteField(0, 0, cell.Width, Alignment.Left, style, endpoint.ToString());
    }
}
