using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <content>UDP, text protocols, and the other protocols that tcpdump knows by their port.</content>
internal ref partial struct TcpdumpPrinter
{
    private void Udp(IpContext context, ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.Length < 4)
        {
            IpAddresses(context.Addresses);
            _line.Text(": "u8);
            Truncated("udp"u8);
            return;
        }

        ushort source = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        ushort destination = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (!UdpHeader.TryRead(bytes, out var udp))
        {
            Ports(context, IpProtocol.Udp, source, destination);
            Truncated("udp"u8);
            return;
        }

        if (length < UdpHeader.HeaderLength)
        {
            Ports(context, IpProtocol.Udp, source, destination);
            _line.Text("truncated-udp "u8);
            _line.Number(length);
            return;
        }

        int udpLength = udp.Length;
        if (udpLength == 0 && length > ushort.MaxValue)
            udpLength = length;
        if (udpLength < UdpHeader.HeaderLength)
        {
            Ports(context, IpProtocol.Udp, source, destination);
            _line.Text("truncated-udplength "u8);
            _line.Number(udpLength);
            return;
        }

        int payloadLength = udpLength - UdpHeader.HeaderLength;
        length = Math.Min(payloadLength, length - UdpHeader.HeaderLength);
        var payload = bytes[UdpHeader.HeaderLength..];
        if (payload.Length > length)
            payload = payload[..length];
        if (source == 2049 || destination == 2049)
        {
            if (NfsReply(context, udp, payload, length))
                return;
        }

        Ports(context, IpProtocol.Udp, source, destination);
        UdpPayload(source, destination, payload, length, payloadLength);
    }

    private void UdpPayload(ushort source, ushort destination, ReadOnlySpan<byte> bytes, int length, int declared)
    {
        if (IsEither(source, destination, 53))
            Dns(bytes, length, DnsFlavour.Unicast);
        else if (IsEither(source, destination, 5353))
            Dns(bytes, length, DnsFlavour.Multicast);
        else if (IsEither(source, destination, 67) || IsEither(source, destination, 68))
            Bootp(bytes, length);
        else if (IsEither(source, destination, 69))
            Tftp(bytes, length);
        else if (IsEither(source, destination, 123))
            Ntp(bytes, length);
        else if (IsEither(source, destination, 514))
            Syslog(bytes, length);
        else if (IsEither(source, destination, 546) || IsEither(source, destination, 547))
            Dhcp6(bytes);
        else if (IsEither(source, destination, 1701))
            L2tp(bytes, length);
        else if (IsEither(source, destination, 5060) || IsEither(source, destination, 5061))
            TextLine(TextProtocol.Sip, bytes, length);
        else if (destination == 4789)
            Vxlan(bytes, length);
        else
            PlainUdp(declared);
    }

    /// <summary>Whether a datagram between these ports carries packets with headers of their own.</summary>
    internal static bool IsTunnel(ushort source, ushort destination) => IsEither(source, destination, 1701) || destination == 4789;

    private static bool IsEither(ushort source, ushort destination, ushort port) => source == port || destination == port;

    private void PlainUdp(int declared)
    {
        _line.Text("UDP, length "u8);
        _line.Number(declared);
    }

    // tcpdump answers an NFS port with the call's transaction instead of the ports.
    private bool NfsReply(IpContext context, UdpHeader udp, ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.Length < 12 || udp.SourcePort != 2049 || BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) != 1)
            return false;
        bool accepted = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) == 0;
        Ports(context, IpProtocol.Udp, 2049, udp.DestinationPort);
        _line.Text("NFS reply xid "u8);
        _line.Number(BinaryPrimitives.ReadUInt32BigEndian(bytes));
        _line.Text(accepted ? " reply ok "u8 : " reply ERR "u8);
        _line.Number(length);
        return true;
    }

    private void TextLine(TextProtocol protocol, ReadOnlySpan<byte> bytes, int length)
    {
        _line.Text(protocol.Name);
        if (!protocol.BeginsMessage(bytes))
            return;
        for (int index = 0; index < bytes.Length; index++)
        {
            byte character = bytes[index];
            if (character == '\n')
            {
                WriteFirstLine(bytes[..index]);
                return;
            }

            if (character == '\r')
            {
                if (index + 1 < bytes.Length && bytes[index + 1] == '\n')
                    WriteFirstLine(bytes[..index]);
                else if (index + 1 >= bytes.Length && index + 1 < length)
                    Truncated(LowerName(protocol));
                return;
            }

            if (character is (< 0x20 and not (byte)'\t') or >= 0x7F)
                return;
        }

        // Printable, and no line end: the line goes on in the next packet.
        WriteFirstLine(bytes);
        Truncated(LowerName(protocol));
    }

    private void WriteFirstLine(ReadOnlySpan<byte> text)
    {
        _line.Text(": "u8);
        _line.Printable(text);
    }

    private static ReadOnlySpan<byte> LowerName(TextProtocol protocol) => protocol.Name switch
    {
        [(byte)'H', ..] => "http"u8,
        [(byte)'R', ..] => "rtsp"u8,
        [(byte)'F', ..] => "ftp"u8,
        [(byte)'S', (byte)'I', ..] => "sip"u8,
        [(byte)'W', ..] => "whois"u8,
        _ => "smtp"u8,
    };
}
