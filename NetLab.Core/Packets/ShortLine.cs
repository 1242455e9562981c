namespace NetLab.Core.Packets;

/// <summary>
/// The short form of a packet for narrow panes: <c>:45026 → :8000  [P.] 1:38 len 37</c>. On loopback, or where the pane says it
/// shows one connection, addresses say nothing, so only ports are written.
/// </summary>
public static class ShortLine
{
    /// <summary>Whether addresses are written before the ports.</summary>
    public enum Addresses
    {
        /// <summary>Ports only.</summary>
        Hidden,

        /// <summary>Addresses and ports.</summary>
        Shown,
    }

    /// <summary>Writes the short form of a packet whose headers were parsed.</summary>
    /// <param name="line">Where the text goes.</param>
    /// <param name="headers">The packet's headers.</param>
    /// <param name="sequenceBase">What to take from its sequence number: the sender's first one, or 0.</param>
    /// <param name="acknowledgmentBase">What to take from its acknowledgment number: the receiver's first one, or 0.</param>
    /// <param name="addresses">Whether addresses are written.</param>
    public static void Write(ref Utf8Line line, in PacketHeaders headers, uint sequenceBase = 0, uint acknowledgmentBase = 0,
        Addresses addresses = Addresses.Hidden)
    {
        WriteEnd(ref line, headers.Source, headers.SourcePort, headers, addresses);
        line.Text(" → "u8);
        WriteEnd(ref line, headers.Destination, headers.DestinationPort, headers, addresses);
        line.Text("  "u8);
        if (headers.IsTcp)
            WriteTcp(ref line, headers, sequenceBase, acknowledgmentBase);
        else
            WriteOther(ref line, headers);
    }

    private static void WriteEnd(ref Utf8Line line, IpAddress address, ushort port, in PacketHeaders headers, Addresses addresses)
    {
        bool hasPort = headers.IsTcp || headers.IsUdp;
        if (!hasPort || addresses == Addresses.Shown)
        {
            bool bracketed = hasPort && !address.IsIPv4;
            if (bracketed)
                line.Character((byte)'[');
            line.Address(address);
            if (bracketed)
                line.Character((byte)']');
        }

        if (!hasPort)
            return;
        line.Character((byte)':');
        line.Number((uint)port);
    }

    private static void WriteTcp(ref Utf8Line line, in PacketHeaders headers, uint sequenceBase, uint acknowledgmentBase)
    {
        var flags = headers.TcpFlags;
        line.Character((byte)'[');
        int start = line.Length;
        TcpFlagText.Write(ref line, flags);
        line.Character((byte)']');
        // One and two flags take the same room, so that numbers line up below each other.
        for (int width = line.Length - start; width < 3; width++)
            line.Character((byte)' ');
        // That the receiver takes nothing more is what such a segment is about.
        if (headers is { Window: 0, PayloadLength: 0, TcpFlags: TcpFlags.Ack })
            line.Text(" win 0"u8);
        uint sequence = headers.SequenceNumber - sequenceBase;
        if (headers.PayloadLength > 0)
        {
            line.Character((byte)' ');
            line.Number(sequence);
            line.Character((byte)':');
            line.Number(sequence + (uint)headers.PayloadLength);
            line.Text(" len "u8);
            line.Number(headers.PayloadLength);
            return;
        }

        if ((flags & (TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst)) != 0)
        {
            line.Text(" seq "u8);
            line.Number(sequence);
        }

        if ((flags & TcpFlags.Ack) != 0)
        {
            line.Text(" ack "u8);
            line.Number(headers.AcknowledgmentNumber - acknowledgmentBase);
        }
    }

    private static void WriteOther(ref Utf8Line line, in PacketHeaders headers)
    {
        if (headers.IsUdp)
        {
            line.Text("UDP len "u8);
            line.Number(headers.PayloadLength);
            return;
        }

        line.Text(headers.Network == EtherType.Arp ? "ARP"u8 : headers.Transport switch
        {
            IpProtocol.Icmp => "ICMP"u8,
            IpProtocol.Icmpv6 => "ICMPv6"u8,
            IpProtocol.Igmp => "IGMP"u8,
            IpProtocol.Tcp => "TCP"u8,
            IpProtocol.Udp => "UDP"u8,
            _ => "IP"u8,
        });
        if (headers.IsLaterFragment)
            line.Text(" fragment"u8);
        if (headers.Problem == HeaderProblem.Truncated)
            line.Text(" [truncated]"u8);
        else if (headers.Problem == HeaderProblem.Malformed)
            line.Text(" [malformed]"u8);
    }
}
