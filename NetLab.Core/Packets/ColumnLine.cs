using NetLab.Core.Tcp;

namespace NetLab.Core.Packets;

/// <summary>
/// Writes packets as Wireshark's columns: number, seconds since the first packet, source, destination, protocol, length, and what
/// it is about. For TCP the last is Wireshark's own wording; for the rest it is the tcpdump line without its addresses.
/// </summary>
public sealed class ColumnLine
{
    private readonly SequenceBase _sequences = new();
    private readonly Dissection _dissection = new();
    private readonly byte[] _scratch = new byte[2048];
    private readonly TcpdumpLine _line = new(LineTime.None);
    private Timestamp? _first;

    /// <summary>Writes one packet's columns, without a line end.</summary>
    /// <returns>How many bytes were written.</returns>
    public int Write(in Frame frame, Span<byte> destination)
    {
        var line = new Utf8Line(destination);
        _first ??= frame.Time;
        PacketHeaders.Parse(frame.LinkType, frame.Bytes, out var headers);
        Dissector.Dissect(frame, _dissection, DissectionScope.Application);
        Right(ref line, (ulong)Math.Max(0, frame.Number), 5);
        line.Character((byte)' ');
        var since = frame.Time - _first.Value;
        line.Number((ulong)Math.Max(0, since.Nanoseconds / 1_000_000_000));
        line.Character((byte)'.');
        line.Padded((uint)(Math.Max(0, since.Nanoseconds) % 1_000_000_000 / 1000), 6);
        line.Text("  "u8);
        Ends(ref line, headers, frame);
        Left(ref line, _dissection.Protocol?.Name ?? "?", 7);
        Right(ref line, (ulong)frame.WireLength, 5);
        line.Character((byte)' ');
        if (headers.IsTcp)
        {
            Tcp(ref line, headers, frame.Bytes, frame.Context?.Analysis ?? default);
        }
        else
        {
            Other(ref line, frame);
        }

        return line.Length;
    }

    private static void Ends(ref Utf8Line line, in PacketHeaders headers, in Frame frame)
    {
        if (headers.Network is EtherType.Ipv4 or EtherType.Ipv6)
        {
            line.Address(headers.Source);
            line.Text(" → "u8);
            line.Address(headers.Destination);
            line.Text("  "u8);
        }
        else if (frame.LinkType == LinkType.Ethernet && EthernetHeader.TryRead(frame.Bytes, out var ethernet))
        {
            line.Mac(ethernet.Source);
            line.Text(" → "u8);
            line.Mac(ethernet.Destination);
            line.Text("  "u8);
        }
    }

    private static void Left(ref Utf8Line line, string text, int width)
    {
        for (int index = 0; index < text.Length; index++)
            line.Character((byte)char.ToUpperInvariant(text[index]));
        for (int index = text.Length; index < width; index++)
            line.Character((byte)' ');
    }

    private static void Right(ref Utf8Line line, ulong number, int width)
    {
        ulong limit = 10;
        for (int digits = 1; digits < width; digits++, limit *= 10)
        {
            if (number < limit)
                line.Character((byte)' ');
        }

        line.Number(number);
    }

    private void Tcp(ref Utf8Line line, in PacketHeaders headers, ReadOnlySpan<byte> frame, in SegmentAnalysis analysis)
    {
        Marks(ref line, analysis);
        line.Number((uint)headers.SourcePort);
        line.Text(" → "u8);
        line.Number((uint)headers.DestinationPort);
        line.Text(" ["u8);
        FlagNames(ref line, headers.TcpFlags);
        line.Text("] Seq="u8);
        uint sequence = headers.SequenceNumber, acknowledgment = headers.AcknowledgmentNumber;
        bool hasAck = (headers.TcpFlags & TcpFlags.Ack) != 0;
        int half = headers.Network == EtherType.Ipv4 ? 4 : 16;
        if (hasAck)
        {
            var addresses = frame.Slice(headers.NetworkOffset + (half == 4 ? 12 : 8), 2 * half);
            var origin = _sequences.Find(addresses, headers.SourcePort, headers.DestinationPort, headers.TcpFlags, sequence, acknowledgment);
            // The packet that records its connection gets zeros from the table; in Wireshark's words it begins at 0 or 1.
            bool begins = origin.Sequence == 0 && origin.Acknowledgment == 0;
            sequence = begins ? (headers.TcpFlags & TcpFlags.Syn) != 0 ? 0u : 1 : sequence - origin.Sequence;
            acknowledgment = begins ? 1 : acknowledgment - origin.Acknowledgment;
        }
        else if ((headers.TcpFlags & TcpFlags.Syn) != 0)
        {
            sequence = 0;
        }

        line.Number(sequence);
        if (hasAck)
        {
            line.Text(" Ack="u8);
            line.Number(acknowledgment);
        }

        line.Text(" Win="u8);
        line.Number((uint)headers.Window);
        line.Text(" Len="u8);
        line.Number(headers.PayloadLength);
    }

    // Before all else, as Wireshark has it: what is wrong is read first.
    private static void Marks(ref Utf8Line line, in SegmentAnalysis analysis)
    {
        for (uint left = (uint)analysis.Marks; left != 0; left &= left - 1)
        {
            var mark = (StreamMarks)(left & (~left + 1));
            line.Text("[TCP "u8);
            line.Text(mark.Title());
            if (mark == StreamMarks.DuplicateAck)
            {
                line.Text(" #"u8);
                line.Number(analysis.DuplicateAck);
            }

            line.Text("] "u8);
        }
    }

    private static void FlagNames(ref Utf8Line line, TcpFlags flags)
    {
        int start = line.Length;
        for (int bit = 0; bit < 9; bit++)
        {
            if (((int)flags >> bit & 1) == 0)
                continue;
            if (line.Length > start)
                line.Text(", "u8);
            line.Text(bit switch
            {
                0 => "FIN"u8,
                1 => "SYN"u8,
                2 => "RST"u8,
                3 => "PSH"u8,
                4 => "ACK"u8,
                5 => "URG"u8,
                6 => "ECE"u8,
                7 => "CWR"u8,
                _ => "AE"u8,
            });
        }

        if (line.Length == start)
            line.Text("<None>"u8);
    }

    private void Other(ref Utf8Line line, in Frame frame)
    {
        var text = _scratch.AsSpan(0, _line.Write(frame, _scratch.AsSpan()));
        int end = text.IndexOf((byte)'\n');
        if (end >= 0)
            text = text[..end];
        // The addresses stand in columns of their own already.
        int colon = text.IndexOf(": "u8);
        line.Text(colon >= 0 && text[..colon].IndexOf(" > "u8) >= 0 ? text[(colon + 2)..] : text);
    }
}
