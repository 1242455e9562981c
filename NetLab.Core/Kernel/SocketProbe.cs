using System.Buffers.Binary;
using NetLab.Core.Interop;
using NetLab.Core.Tcp;

namespace NetLab.Core.Kernel;

/// <summary>
/// Looks at one socket closely: asks sock_diag for it alone, with TCP_INFO, memory and congestion control, and writes what changed into the journal
/// (<see cref="EventKind.SocketFigures"/>, sampled). It runs while a socket's detail is open.
/// </summary>
public sealed class SocketProbe : IDisposable
{
    private const int RequestLength = 72, MessageLength = 72;
    private const byte Info = 2, CongestionControl = 4, SocketMemory = 7;
    private readonly FourTuple _tuple;
    private readonly byte _protocol;
    private readonly JournalWriter _writer;
    private readonly int _milliseconds;
    private readonly Netlink? _netlink;
    private readonly FileDescriptor _wake = FileDescriptor.OpenEvent();
    private readonly Thread _thread;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private SocketFigures _last;
    private uint _sequence;
    private volatile bool _stopping;

    private SocketProbe(byte protocol, FourTuple tuple, JournalWriter writer, Duration interval)
    {
        (_protocol, _tuple, _writer) = (protocol, tuple, writer);
        _milliseconds = (int)Math.Clamp(interval.Nanoseconds / 1_000_000, 1, 3_600_000);
        _netlink = Netlink.OpenSockDiag(out _);
        _thread = new Thread(Run) { IsBackground = true, Name = "netlab-probe" };
    }

    /// <summary>Begins to look.</summary>
    /// <param name="journal">Where to.</param>
    /// <param name="protocol">IPPROTO_TCP or IPPROTO_UDP.</param>
    /// <param name="tuple">The socket's addresses.</param>
    /// <param name="interval">How often.</param>
    public static SocketProbe Start(Journal journal, byte protocol, FourTuple tuple, Duration interval)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var probe = new SocketProbe(protocol, tuple, journal.OpenWriter("socket figures", 256 << 10), interval);
        probe._thread.Start();
        return probe;
    }

    /// <summary>Asks the kernel for one socket.</summary>
    /// <param name="protocol">IPPROTO_TCP or IPPROTO_UDP.</param>
    /// <param name="tuple">Its addresses.</param>
    /// <param name="figures">What it knows of it.</param>
    /// <returns>False where there is no such socket, or the kernel does not tell.</returns>
    public static bool TryLook(byte protocol, FourTuple tuple, out SocketFigures figures)
    {
        using var netlink = Netlink.OpenSockDiag(out _);
        figures = default;
        return netlink is not null && Ask(netlink, protocol, tuple, 1, new byte[16 * 1024], out figures);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _wake.Signal();
        _thread.Join();
        _netlink?.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        FileDescriptor.Watch[] watches = [new(_wake.Number)];
        while (!_stopping && _netlink is not null && Ask(_netlink, _protocol, _tuple, ++_sequence, _buffer, out var figures))
        {
            if (!figures.AsBytes().SequenceEqual(_last.AsBytes()))
            {
                _last = figures;
                Write(figures);
            }

            if (FileDescriptor.Wait(watches, _milliseconds) != 0)
                return;
        }
    }

    private void Write(in SocketFigures figures)
    {
        var entry = new LabEvent { Time = KernelClock.Now, Kind = EventKind.SocketFigures, Provenance = Provenance.Sampled, Tuple = _tuple };
        entry.Detail.Socket.Protocol = _protocol;
        _writer.Append(entry, figures.AsBytes());
    }

    private static bool Ask(Netlink netlink, byte protocol, FourTuple tuple, uint sequence, byte[] buffer, out SocketFigures figures)
    {
        figures = default;
        Span<byte> request = stackalloc byte[RequestLength];
        WriteRequest(request, protocol, tuple, sequence);
        if (netlink.Send(request) != 0 || netlink.Receive(buffer) is not (> Netlink.HeaderSize and var received))
            return false;
        var message = buffer.AsSpan(0, received);
        int length = BitConverter.ToInt32(message);
        if (length > received || length < Netlink.HeaderSize + MessageLength || BitConverter.ToUInt16(message[4..]) == Netlink.MessageError)
            return false;
        Read(message[Netlink.HeaderSize..length], ref figures);
        return true;
    }

    // struct nlmsghdr, then struct inet_diag_req_v2: without NLM_F_DUMP the kernel looks the one socket up. It finds IPv4 in a dual-stack socket, too.
    private static void WriteRequest(Span<byte> request, byte protocol, FourTuple tuple, uint sequence)
    {
        request.Clear();
        BitConverter.TryWriteBytes(request, RequestLength);
        BitConverter.TryWriteBytes(request[4..], (ushort)Netlink.SockDiagByFamily);
        BitConverter.TryWriteBytes(request[6..], (ushort)1); // NLM_F_REQUEST
        BitConverter.TryWriteBytes(request[8..], sequence);
        bool v4 = tuple.Local.Address.IsIPv4;
        request[16] = (byte)(v4 ? 2 : 10);
        request[17] = protocol;
        request[18] = 1 << (Info - 1) | 1 << (CongestionControl - 1) | 1 << (SocketMemory - 1);
        BitConverter.TryWriteBytes(request[20..], uint.MaxValue); // every state
        BinaryPrimitives.WriteUInt16BigEndian(request[24..], tuple.Local.Port);
        BinaryPrimitives.WriteUInt16BigEndian(request[26..], tuple.Remote.Port);
        WriteAddress(request.Slice(28, 16), tuple.Local.Address, v4);
        WriteAddress(request.Slice(44, 16), tuple.Remote.Address, v4);
        request.Slice(64, 8).Fill(0xff); // INET_DIAG_NOCOOKIE
    }

    private static void WriteAddress(Span<byte> destination, IpAddress address, bool v4)
    {
        Span<byte> mapped = stackalloc byte[16];
        address.WriteMapped(mapped);
        if (address.IsUnspecified)
            return;
        if (v4)
            mapped[12..].CopyTo(destination);
        else
            mapped.CopyTo(destination);
    }

    /// <summary>Reads struct inet_diag_msg's attributes.</summary>
    internal static void Read(ReadOnlySpan<byte> message, ref SocketFigures figures)
    {
        bool listens = KernelState.ToTcpState(message[1]) == TcpState.Listen;
        var attributes = message[MessageLength..];
        while (attributes.Length >= 4)
        {
            int length = BitConverter.ToUInt16(attributes);
            int type = BitConverter.ToUInt16(attributes[2..]);
            if (length < 4 || length > attributes.Length)
                return;
            var value = attributes[4..length];
            switch (type)
            {
                case Info when !listens && value.Length >= 104: ReadTcpInfo(value, ref figures); break;
                case CongestionControl: value[..Math.Min(value.Length, 15)].CopyTo(figures.CongestionControl); break;
                case SocketMemory when value.Length >= 16: ReadMemory(value, ref figures); break;
            }

            attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        }
    }

    // struct tcp_info of linux/tcp.h, which has grown at its end.
    private static void ReadTcpInfo(ReadOnlySpan<byte> info, ref SocketFigures figures)
    {
        Span<byte> whole = stackalloc byte[240];
        whole.Clear();
        info[..Math.Min(info.Length, whole.Length)].CopyTo(whole);
        figures.HasTcp = 1;
        (figures.Options, figures.WindowScales) = (whole[5], whole[6]);
        figures.RetransmissionTimeout = BitConverter.ToUInt32(whole[8..]);
        figures.SendSegmentSize = BitConverter.ToUInt32(whole[16..]);
        figures.ReceiveSegmentSize = BitConverter.ToUInt32(whole[20..]);
        figures.Unacknowledged = BitConverter.ToUInt32(whole[24..]);
        figures.Lost = BitConverter.ToUInt32(whole[32..]);
        figures.PathMtu = BitConverter.ToUInt32(whole[60..]);
        figures.RoundTrip = BitConverter.ToUInt32(whole[68..]);
        figures.RoundTripVariation = BitConverter.ToUInt32(whole[72..]);
        figures.SlowStartThreshold = BitConverter.ToUInt32(whole[76..]);
        figures.CongestionWindow = BitConverter.ToUInt32(whole[80..]);
        figures.Retransmits = BitConverter.ToUInt32(whole[100..]);
        figures.BytesAcknowledged = BitConverter.ToUInt64(whole[120..]);
        figures.BytesReceived = BitConverter.ToUInt64(whole[128..]);
        figures.SegmentsOut = BitConverter.ToUInt32(whole[136..]);
        figures.SegmentsIn = BitConverter.ToUInt32(whole[140..]);
        figures.LeastRoundTrip = BitConverter.ToUInt32(whole[148..]);
        figures.DeliveryRate = BitConverter.ToUInt64(whole[160..]);
        figures.BytesRetransmitted = BitConverter.ToUInt64(whole[208..]);
        figures.SendWindow = BitConverter.ToUInt32(whole[228..]);
    }

    // SK_MEMINFO_…: rmem_alloc, rcvbuf, wmem_alloc, sndbuf, fwd_alloc, wmem_queued, optmem, backlog, drops.
    private static void ReadMemory(ReadOnlySpan<byte> memory, ref SocketFigures figures)
    {
        figures.ReceiveMemory = BitConverter.ToUInt32(memory);
        figures.ReceiveBuffer = BitConverter.ToUInt32(memory[4..]);
        figures.SendMemory = BitConverter.ToUInt32(memory[8..]);
        figures.SendBuffer = BitConverter.ToUInt32(memory[12..]);
        figures.Drops = memory.Length >= 36 ? BitConverter.ToUInt32(memory[32..]) : 0;
    }
}
