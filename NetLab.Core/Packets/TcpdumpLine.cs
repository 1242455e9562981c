using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>The time that a line begins with, as tcpdump's -t options name it.</summary>
public enum LineTime
{
    /// <summary>The time of day in UTC.</summary>
    TimeOfDay,

    /// <summary>None (-t).</summary>
    None,

    /// <summary>Seconds since the epoch (-tt).</summary>
    Epoch,

    /// <summary>Since the packet before (-ttt).</summary>
    SincePrevious,

    /// <summary>Date and time of day in UTC (-tttt).</summary>
    DateAndTime,

    /// <summary>Since the first packet (-ttttt).</summary>
    SinceFirst,
}

/// <summary>
/// Writes packets as tcpdump 4.99 prints them with -nn, one line a packet, as UTF-8, with no allocation. Keeps what a line needs
/// of the packets before it: the first sequence numbers of each connection and the times of the first and the last packet.
/// </summary>
/// <param name="time">How the time is written.</param>
/// <param name="sequenceNumbers">How TCP's sequence numbers are written.</param>
/// <param name="fractionDigits">Digits of a second's fraction: 6, or 9 where the capture has them.</param>
public sealed class TcpdumpLine(LineTime time = LineTime.TimeOfDay, SequenceNumbers sequenceNumbers = SequenceNumbers.Relative, int fractionDigits = 6)
{
    /// <summary>A buffer that holds any line but one with hundreds of DNS answers; longer lines are cut off there.</summary>
    public const int SuggestedBuffer = 8192;

    private readonly SequenceBase? _sequences = sequenceNumbers == SequenceNumbers.Relative ? new SequenceBase() : null;
    private readonly byte[] _date = new byte[11];
    private long _dateDay = long.MinValue;
    private readonly byte[] _clock = new byte[8];
    private uint _clockSecond = uint.MaxValue;
    private Timestamp? _first;
    private Timestamp? _previous;

    /// <summary>Writes one packet's line, without a line end.</summary>
    /// <param name="frame">The packet.</param>
    /// <param name="destination">Where the UTF-8 text goes; what does not fit is cut off.</param>
    /// <returns>How many bytes were written.</returns>
    public int Write(in Frame frame, Span<byte> destination)
    {
        var line = new Utf8Line(destination);
        WriteTime(ref line, frame.Time);
        var printer = frame.Origin is { } origin ? new TcpdumpPrinter(line, null) { Origin = origin } : new TcpdumpPrinter(line, _sequences);
        printer.Frame(frame.LinkType, frame.Bytes, frame.WireLength);
        return printer.Length;
    }

    /// <summary>
    /// Finds what a packet's line needs of the lines before it, so that the line can be written later and on another thread, by a
    /// <see cref="TcpdumpLine"/> of its own, with the answer in <see cref="Frame.Origin"/>. Call it for every packet in order.
    /// </summary>
    /// <returns>False for a packet (mostly one in a tunnel) whose line must be written by this object, at once.</returns>
    public bool TryPrepare(in Frame frame, out SequenceOrigin origin)
    {
        origin = default;
        if (_sequences is null)
            return true;
        if (TryPrepareCommon(frame, ref origin))
            return true;
        PacketHeaders.Parse(frame.LinkType, frame.Bytes, out var headers);
        if (headers.Network == EtherType.Arp)
            return true;
        bool isIpv4 = headers.Network == EtherType.Ipv4;
        if (headers.NetworkOffset != PlainOffset(frame.LinkType) || !isIpv4 && headers.Network != EtherType.Ipv6)
            return false;
        // Where the line's walk might see another header than the parse, the line is written in its turn.
        var ip = frame.Bytes[headers.NetworkOffset..];
        if (ip.Length < 20 || ip[0] >> 4 != (isIpv4 ? 4 : 6) || (isIpv4 ? (ip[2] | ip[3]) == 0 : ip[6] != (byte)headers.Transport))
            return false;
        if (!headers.IsTcp)
        {
            return headers.IsUdp ? !TcpdumpPrinter.IsTunnel(headers.SourcePort, headers.DestinationPort)
                : headers.Transport is IpProtocol.Icmp or IpProtocol.Icmpv6 or IpProtocol.Igmp;
        }

        if ((headers.TcpFlags & TcpFlags.Ack) == 0)
            return true;
        var found = _sequences.Find(isIpv4 ? ip.Slice(12, 8) : ip.Slice(8, 32), headers.SourcePort, headers.DestinationPort, headers.TcpFlags,
            headers.SequenceNumber, headers.AcknowledgmentNumber);
        origin = new SequenceOrigin(found.Sequence, found.Acknowledgment, found.Sack);
        return true;
    }

    /// <summary>Takes a packet into account that is not written: the numbers of its connection count from it all the same.</summary>
    public void PassOver(in Frame frame)
    {
        // Where nothing fits, nothing is written.
        if (!TryPrepare(frame, out _))
            new TcpdumpPrinter(new Utf8Line([]), _sequences).Frame(frame.LinkType, frame.Bytes, frame.WireLength);
    }

    // TCP in plain IPv4 in Ethernet, whole: the same answer without a parse.
    private bool TryPrepareCommon(in Frame frame, ref SequenceOrigin origin)
    {
        var bytes = frame.Bytes;
        if (frame.LinkType != LinkType.Ethernet || bytes.Length < 54 || bytes[12] != 8 || bytes[13] != 0 || bytes[14] != 0x45 || bytes[23] != (byte)IpProtocol.Tcp)
            return false;
        // The flags' reserved bit and "don't fragment" may be set; a fragment is left to the parse, and so is every length that does not fit.
        int total = BinaryPrimitives.ReadUInt16BigEndian(bytes[16..]), header = (bytes[46] >> 4) * 4;
        if ((bytes[20] & 0x3F) != 0 || bytes[21] != 0 || total < 40 || total + 14 > bytes.Length || header < 20 || header + 20 > total)
            return false;
        var flags = (TcpFlags)(BinaryPrimitives.ReadUInt16BigEndian(bytes[46..]) & 0x1FF);
        if ((flags & TcpFlags.Ack) == 0)
            return true;
        var (sequence, acknowledgment, sack) = _sequences!.Find(bytes.Slice(26, 8), BinaryPrimitives.ReadUInt16BigEndian(bytes[34..]),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[36..]), flags, BinaryPrimitives.ReadUInt32BigEndian(bytes[38..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[42..]));
        origin = new SequenceOrigin(sequence, acknowledgment, sack);
        return true;
    }

    // Where the network layer begins without tags and tunnels.
    private static int PlainOffset(LinkType linkType) => linkType switch
    {
        LinkType.Ethernet => EthernetHeader.Length,
        LinkType.LinuxCooked => LinuxCookedHeader.Length,
        LinkType.LinuxCooked2 => LinuxCooked2Header.Length,
        LinkType.Null or LinkType.Loop => LoopbackHeader.Length,
        LinkType.Raw or LinkType.RawLive or LinkType.Ipv4 or LinkType.Ipv6 => 0,
        _ => -1,
    };

    /// <summary>Writes one packet's line without time, out of its turn: what its numbers count from is known already.</summary>
    /// <param name="frame">The packet.</param>
    /// <param name="sequenceBase">What to take from its sequence number.</param>
    /// <param name="acknowledgmentBase">What to take from its acknowledgment number.</param>
    /// <param name="destination">Where the UTF-8 text goes; what does not fit is cut off.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(in Frame frame, uint sequenceBase, uint acknowledgmentBase, Span<byte> destination)
    {
        var printer = new TcpdumpPrinter(new Utf8Line(destination), null) { Origin = new(sequenceBase, acknowledgmentBase, acknowledgmentBase) };
        printer.Frame(frame.LinkType, frame.Bytes, frame.WireLength);
        return printer.Length;
    }

    /// <summary>Writes one packet's line as characters, without a line end; for callers that keep no bytes.</summary>
    /// <returns>How many characters were written.</returns>
    public int Write(in Frame frame, Span<char> destination)
    {
        Span<byte> utf8 = stackalloc byte[2048];
        int length = Write(frame, utf8);
        int fits = Math.Min(length, destination.Length);
        System.Text.Ascii.ToUtf16(utf8[..fits], destination, out int written);
        return written;
    }

    private void WriteTime(ref Utf8Line line, Timestamp now)
    {
        switch (time)
        {
            case LineTime.None:
                return;
            case LineTime.Epoch:
                WriteSeconds(ref line, now.Nanoseconds);
                break;
            case LineTime.TimeOfDay:
                WriteTimeOfDay(ref line, now.Nanoseconds);
                break;
            case LineTime.DateAndTime:
                WriteDate(ref line, now.Nanoseconds);
                WriteTimeOfDay(ref line, now.Nanoseconds);
                break;
            case LineTime.SincePrevious:
                WriteDifference(ref line, now.Nanoseconds - (_previous ?? now).Nanoseconds);
                break;
            case LineTime.SinceFirst:
                WriteDifference(ref line, now.Nanoseconds - (_first ?? now).Nanoseconds);
                break;
        }

        _first ??= now;
        _previous = now;
        line.Character((byte)' ');
    }

    private void WriteDifference(ref Utf8Line line, long nanoseconds)
    {
        line.Character(nanoseconds < 0 ? (byte)'-' : (byte)' ');
        WriteTimeOfDay(ref line, Math.Abs(nanoseconds));
    }

    private void WriteSeconds(ref Utf8Line line, long nanoseconds)
    {
        long seconds = Math.DivRem(nanoseconds, 1_000_000_000, out long rest);
        if (rest < 0)
        {
            seconds--;
            rest += 1_000_000_000;
        }

        if (seconds < 0)
            line.Character((byte)'-');
        line.Number((ulong)Math.Abs(seconds));
        WriteFraction(ref line, (uint)rest);
    }

    private void WriteTimeOfDay(ref Utf8Line line, long nanoseconds)
    {
        const long day = 86_400_000_000_000;
        long ofDay = nanoseconds % day;
        if (ofDay < 0)
            ofDay += day;
        uint seconds = (uint)(ofDay / 1_000_000_000);
        // Consecutive packets often share their second too.
        if (seconds != _clockSecond)
        {
            var text = new Utf8Line(_clock);
            text.Padded(seconds / 3600, 2);
            text.Character((byte)':');
            text.Padded(seconds / 60 % 60, 2);
            text.Character((byte)':');
            text.Padded(seconds % 60, 2);
            _clockSecond = seconds;
        }

        line.Text(_clock);
        WriteFraction(ref line, (uint)(ofDay % 1_000_000_000));
    }

    private void WriteFraction(ref Utf8Line line, uint nanoseconds)
    {
        line.Character((byte)'.');
        if (fractionDigits >= 9)
            line.Padded(nanoseconds, 9);
        else
            line.Padded(nanoseconds / 1000, 6);
    }

    // Consecutive packets share their date nearly always: it is formatted once a day.
    private void WriteDate(ref Utf8Line line, long nanoseconds)
    {
        const long day = 86_400_000_000_000;
        long days = nanoseconds / day - (nanoseconds % day < 0 ? 1 : 0);
        if (days != _dateDay)
        {
            var date = DateTime.UnixEpoch.AddDays(days);
            var text = new Utf8Line(_date);
            text.Padded((uint)date.Year, 4);
            text.Character((byte)'-');
            text.Padded((uint)date.Month, 2);
            text.Character((byte)'-');
            text.Padded((uint)date.Day, 2);
            text.Character((byte)' ');
            _dateDay = days;
        }

        line.Text(_date);
    }
}
