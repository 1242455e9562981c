using System.Buffers.Binary;
using NetLab.Core.Interop;
using NetLab.Core.Tcp;

namespace NetLab.Core.Kernel;

/// <summary>Dumps of the socket table by netlink (sock_diag(7)): exact to the moment for each socket, with TCP_INFO.</summary>
internal sealed class SockDiag : IDisposable
{
    private const int RequestLength = 72, MessageLength = 72;
    private const ushort RequestDump = 0x301;
    private const byte MemoryInfo = 1, TcpInfo = 2;
    private const byte Inet = 2, Inet6 = 10, Tcp = 6, Udp = 17;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(256 * 1024);
    private readonly Netlink _netlink;
    private uint _sequence;

    private SockDiag(Netlink netlink) => _netlink = netlink;

    internal static SockDiag? Open(out int error) => Netlink.OpenSockDiag(out error) is { } netlink ? new SockDiag(netlink) : null;

    /// <summary>Adds the sockets that the query asks for.</summary>
    /// <returns>0, or errno when the kernel refused; then the rows may be incomplete.</returns>
    internal int Dump(SocketQuery query, SocketRows rows)
    {
        int error = 0;
        foreach (byte protocol in (ReadOnlySpan<byte>)[Tcp, Udp])
        {
            if ((query.Kinds & (protocol == Tcp ? SocketKinds.Tcp : SocketKinds.Udp)) == 0)
                continue;
            foreach (byte family in (ReadOnlySpan<byte>)[Inet, Inet6])
            {
                if (error == 0 && (query.Families & (family == Inet ? SocketFamilies.IPv4 : SocketFamilies.IPv6)) != 0)
                    error = Dump(family, protocol, query, rows);
            }
        }

        return error;
    }

    private int Dump(byte family, byte protocol, SocketQuery query, SocketRows rows)
    {
        Span<byte> request = stackalloc byte[RequestLength];
        request.Clear();
        BitConverter.TryWriteBytes(request, RequestLength);
        BitConverter.TryWriteBytes(request[4..], (ushort)Netlink.SockDiagByFamily);
        BitConverter.TryWriteBytes(request[6..], RequestDump);
        BitConverter.TryWriteBytes(request[8..], ++_sequence);
        request[16] = family;
        request[17] = protocol;
        request[18] = query.Facts == SocketFacts.Figures ? (byte)(1 << (MemoryInfo - 1) | 1 << (TcpInfo - 1)) : (byte)0;
        BitConverter.TryWriteBytes(request[20..], protocol == Tcp ? KernelState.Mask(query.States) : uint.MaxValue);
        int error = _netlink.Send(request);
        while (error == 0)
        {
            int length = _netlink.Receive(_buffer);
            if (length <= 0)
                return length == 0 ? 0 : -length;
            if (!ReadMessages(_buffer.AsSpan(0, length), protocol, query, rows, out error))
                return error;
        }

        return error;
    }

    // False at the end of the dump.
    private bool ReadMessages(ReadOnlySpan<byte> messages, byte protocol, SocketQuery query, SocketRows rows, out int error)
    {
        error = 0;
        while (messages.Length >= Netlink.HeaderSize)
        {
            int length = BitConverter.ToInt32(messages);
            ushort type = BitConverter.ToUInt16(messages[4..]);
            if (length < Netlink.HeaderSize || length > messages.Length)
                return false;
            var payload = messages[Netlink.HeaderSize..length];
            if (BitConverter.ToUInt32(messages[8..]) == _sequence)
            {
                if (type == Netlink.MessageDone)
                    return false;
                if (type == Netlink.MessageError)
                {
                    error = payload.Length >= 4 ? -BitConverter.ToInt32(payload) : 5;
                    return false;
                }

                AddRow(payload, protocol, query, rows);
            }

            messages = messages[Math.Min((length + 3) & ~3, messages.Length)..];
        }

        return true;
    }

    /// <summary>Reads struct inet_diag_msg and its attributes.</summary>
    internal static void AddRow(ReadOnlySpan<byte> message, byte protocol, SocketQuery query, SocketRows rows)
    {
        if (message.Length < MessageLength)
            return;
        ushort local = BinaryPrimitives.ReadUInt16BigEndian(message[4..]), remote = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        var state = KernelState.ToTcpState(message[1]);
        if (!query.Matches(protocol, state, local, remote))
            return;
        ref var row = ref rows.Add();
        row.IsIPv6 = message[0] == Inet6;
        int size = row.IsIPv6 ? 16 : 4;
        row.Tuple = new FourTuple(
            new Endpoint(IpAddress.FromBytes(message.Slice(8, size)), local), new Endpoint(IpAddress.FromBytes(message.Slice(24, size)), remote));
        row.Cookie = BitConverter.ToUInt64(message[44..]);
        ref var detail = ref row.Detail;
        detail.Protocol = protocol;
        detail.State = state;
        detail.Timer = message[2] <= (byte)SocketTimer.Probe ? (SocketTimer)message[2] : SocketTimer.Off;
        detail.TimerRemaining = Duration.FromMilliseconds(BitConverter.ToUInt32(message[52..]));
        detail.ReceiveQueue = BitConverter.ToUInt32(message[56..]);
        detail.SendQueue = BitConverter.ToUInt32(message[60..]);
        detail.UserId = BitConverter.ToUInt32(message[64..]);
        detail.Inode = BitConverter.ToUInt32(message[68..]);
        ReadAttributes(message[MessageLength..], ref row);
    }

    private static void ReadAttributes(ReadOnlySpan<byte> attributes, ref SocketRow row)
    {
        while (attributes.Length >= 4)
        {
            int length = BitConverter.ToUInt16(attributes);
            int type = BitConverter.ToUInt16(attributes[2..]);
            if (length < 4 || length > attributes.Length)
                return;
            var value = attributes[4..length];
            if (type == MemoryInfo && value.Length >= 16)
                row.Memory = (BitConverter.ToUInt32(value), BitConverter.ToUInt32(value[4..]) + BitConverter.ToUInt32(value[8..]));
            else if (type == TcpInfo && row.Detail.Protocol == Tcp)
                ReadTcpInfo(value, ref row.Detail);
            attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        }
    }

    // struct tcp_info of linux/tcp.h; older kernels have fewer fields.
    private static void ReadTcpInfo(ReadOnlySpan<byte> info, ref SocketDetail detail)
    {
        if (info.Length < 104 || detail.State == TcpState.Listen)
            return;
        detail.RoundTripMicroseconds = BitConverter.ToUInt32(info[68..]);
        detail.CongestionWindow = BitConverter.ToUInt32(info[80..]);
        detail.Retransmits = BitConverter.ToUInt32(info[100..]);
        if (info.Length < 136)
            return;
        detail.BytesReceived = BitConverter.ToUInt64(info[128..]);
        // Since Linux 4.19 what was sent is counted itself; before that only what was acknowledged, the SYN included.
        detail.BytesSent = info.Length >= 216
            ? BitConverter.ToUInt64(info[200..]) - BitConverter.ToUInt64(info[208..])
            : BitConverter.ToUInt64(info[120..]);
    }

    public void Dispose() => _netlink.Dispose();
}
