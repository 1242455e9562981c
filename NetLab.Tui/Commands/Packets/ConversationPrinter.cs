using System.Globalization;
using System.Text;
using NetLab.Core.Packets;

namespace NetLab.Tui.Commands;

/// <summary>No packet, but the table of the TCP and UDP conversations that they make: the largest first.</summary>
internal sealed class ConversationPrinter(ConversationForm form) : PacketPrinter
{
    private readonly ConversationTable _table = new();

    public override bool NeedsHistory => true;

    public override void Print(in Frame frame, ByteOutput output) => _table.Take(frame);

    public override void End(ByteOutput output)
    {
        var conversations = _table.Conversations.OrderByDescending(one => one.Bytes).ThenBy(one => one.Protocol).ThenBy(one => one.Stream);
        foreach (string line in form == ConversationForm.Json ? conversations.Select(Json) : Table([.. conversations]))
            output.Write(Encoding.UTF8.GetBytes(line + "\n"));
        if (_table.PacketsLeftOut > 0 && form == ConversationForm.Text)
            output.Write(Encoding.UTF8.GetBytes($"{_table.PacketsLeftOut} packets of further conversations are not counted.\n"));
    }

    private static IEnumerable<string> Table(List<Conversation> conversations)
    {
        string[] heads = ["stream", "A", "B", "packets A→B", "bytes A→B", "packets A←B", "bytes A←B", "duration", "resent", "dup ACKs", "reordered", "gaps", "zero windows", "round trip"];
        List<string[]> rows = [heads, .. conversations.Select(one => (string[])
        [
            Name(one), one.Tuple.Local.ToString(), one.Tuple.Remote.ToString(), Number(one.PacketsSent), Number(one.BytesSent), Number(one.PacketsReceived),
            Number(one.BytesReceived), one.Length.Seconds.ToString("F6", CultureInfo.InvariantCulture),
            Number(one.Retransmissions), Number(one.DuplicateAcks), Number(one.OutOfOrder), Number(one.Gaps), Number(one.ZeroWindows), one.RoundTrip?.ToString() ?? "-",
        ])];
        int[] widths = [.. heads.Select((_, column) => rows.Max(row => row[column].Length))];
        // Names stand left, figures right.
        return rows.Select(row => string.Join("  ", row.Select((text, column) => column < 3 ? text.PadRight(widths[column]) : text.PadLeft(widths[column]))).TrimEnd());
    }

    private static string Json(Conversation one) => JsonLine.Write(json =>
    {
        json.WriteString("time", one.First.ToString());
        json.WriteString("kind", "conversation");
        json.WriteString("provenance", "observed");
        json.WriteString("stream", Name(one));
        json.WriteString("local", one.Tuple.Local.ToString());
        json.WriteString("remote", one.Tuple.Remote.ToString());
        json.WriteNumber("packetsSent", one.PacketsSent);
        json.WriteNumber("bytesSent", one.BytesSent);
        json.WriteNumber("packetsReceived", one.PacketsReceived);
        json.WriteNumber("bytesReceived", one.BytesReceived);
        json.WriteNumber("duration", one.Length.Seconds);
        if (one.Retransmissions is { } resent)
        {
            json.WriteNumber("retransmissions", resent);
            json.WriteNumber("duplicateAcks", one.DuplicateAcks ?? 0);
            json.WriteNumber("outOfOrder", one.OutOfOrder ?? 0);
            json.WriteNumber("gaps", one.Gaps ?? 0);
            json.WriteNumber("zeroWindows", one.ZeroWindows ?? 0);
        }

        if (one.RoundTrip is { } roundTrip)
            json.WriteNumber("rtt", roundTrip.Seconds);
    });

    private static string Name(Conversation one) => string.Create(CultureInfo.InvariantCulture, $"{(one.Protocol == IpProtocol.Tcp ? "tcp" : "udp")}:{one.Stream}");

    private static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "-";
}

/// <summary>How conversations are written.</summary>
internal enum ConversationForm
{
    /// <summary>A table for people.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}
