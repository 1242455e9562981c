using NetLab.Core.Packets;
using NetLab.Core.Peers;
using NetLab.Core.Session;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

// The packets of the shown request.
public sealed partial class HttpPane
{
    private int _firstPacket;

    // Each with the step that it belongs to.
    private void DrawPackets(Canvas canvas, int rule, Rectangle area, HttpHop hop, PaneContext context)
    {
        var packets = context.Lab.Http.Packets.Of(hop);
        canvas.Horizontal(0, rule, canvas.Width, Theme.Border);
        Caption(canvas, 1, rule, packets.Count == 0 ? "packets" : $"packets {packets.Count}", isActive: true);
        var list = canvas.Slice(area);
        Place(Part.Packets, list);
        if (packets.Count == 0)
        {
            string why = context.Lab.Instruments.PacketObstacle is { } obstacle ? obstacle.ToString() : hop.Tuple.Remote.IsUnknown ? "There was no connection."
                : hop.Tuple.Remote.Address.IsLoopback ? "No packet of it was captured." : "Packets are captured on lo alone; this request leaves the machine. 'netlab capture' can look there.";
            Paragraph.Draw(list.Slice(new Rectangle(1, 0, list.Width - 2, list.Height)), Theme.Faint, EventText.Printable(why));
            return;
        }

        _firstPacket = Math.Clamp(_firstPacket, 0, Math.Max(0, packets.Count - list.Height));
        var (client, server) = FirstNumbers(packets, hop);
        Span<byte> text = stackalloc byte[256];
        string last = "";
        for (int row = 0; row < Math.Min(list.Height, packets.Count - _firstPacket); row++)
        {
            var packet = packets[_firstPacket + row];
            string step = HttpPackets.StepOf(hop, packet)?.Name ?? "";
            list.WriteField(1, row, 11, Alignment.Left, Theme.Title, step == last && row > 0 ? "" : step);
            last = step;
            bool goes = packet.Tuple.Remote == hop.Tuple.Remote;
            var line = new Utf8Line(text);
            if (PacketHeaders.Parse(packet.Link, packet.Bytes.Span, out var headers))
                ShortLine.Write(ref line, headers, goes ? client : server, goes ? server : client);
            list.WriteField(13, row, 9, Alignment.Right, Theme.Faint, $"+{packet.Time - hop.Begun}");
            list.Write(23, row, goes ? Theme.Text : Theme.Faint, line.Written);
        }
    }

    // The numbers are told from the first one of each side, as everywhere.
    private static (uint Client, uint Server) FirstNumbers(IReadOnlyList<PortPacket> packets, HttpHop hop)
    {
        (uint Client, uint Server) first = default;
        foreach (var packet in packets)
        {
            if (!PacketHeaders.Parse(packet.Link, packet.Bytes.Span, out var headers) || !headers.TcpFlags.HasFlag(TcpFlags.Syn))
                continue;
            if (packet.Tuple.Remote == hop.Tuple.Remote)
                first.Client = headers.SequenceNumber;
            else
                first.Server = headers.SequenceNumber;
        }

        return first;
    }
}
