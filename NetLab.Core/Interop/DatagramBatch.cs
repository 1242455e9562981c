using System.Buffers.Binary;
using System.Runtime.InteropServices;
using static NetLab.Core.Interop.SocketConstants;

namespace NetLab.Core.Interop;

/// <summary>
/// Many datagrams received with one call and answered with one (recvmmsg, sendmmsg), in memory of its own; for one thread. An answer goes out
/// from the address that its query came to (IP_PKTINFO), which matters where the socket is bound to every address.
/// </summary>
internal sealed unsafe partial class DatagramBatch : IDisposable
{
    /// <summary>How many datagrams a batch holds.</summary>
    public const int Capacity = 32;

    /// <summary>The longest datagram that is taken whole, in octets.</summary>
    public const int LongestReceived = 4096;

    /// <summary>The longest datagram that is sent, in octets.</summary>
    public const int LongestSent = 1472;

    private const int AddressSize = 28, ControlSize = 64, WaitForOne = 0x10000, ControlTruncated = 8;
    private readonly int _descriptor;
    private readonly byte* _memory;
    private readonly Message* _received, _sent;
    private readonly Vector* _vectors;
    private readonly byte* _addresses, _controls, _in, _out;
    private int _sending;

    /// <summary>A batch for a socket.</summary>
    /// <param name="descriptor">The socket; it must stay open while the batch is used.</param>
    public DatagramBatch(int descriptor)
    {
        _descriptor = descriptor;
        int size = Capacity * (2 * sizeof(Message) + 2 * sizeof(Vector) + AddressSize + 4 + ControlSize + LongestReceived + LongestSent);
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)size);
        _received = (Message*)_memory;
        _sent = _received + Capacity;
        _vectors = (Vector*)(_sent + Capacity);
        _controls = (byte*)(_vectors + 2 * Capacity);
        _addresses = _controls + Capacity * ControlSize;
        _in = _addresses + Capacity * (AddressSize + 4);
        _out = _in + Capacity * LongestReceived;
        for (int index = 0; index < Capacity; index++)
        {
            _vectors[index] = new Vector { Base = _in + index * LongestReceived, Length = LongestReceived };
            _received[index].Vectors = _vectors + index;
            _received[index].VectorCount = 1;
            _received[index].Name = _addresses + index * (AddressSize + 4);
            _received[index].Control = _controls + index * ControlSize;
        }
    }

    /// <summary>How many answers wait to be sent.</summary>
    public int Waiting => _sending;

    /// <summary>Asks the kernel to say which address a datagram came to.</summary>
    public static void TellDestination(int descriptor, bool isIPv6)
    {
        const int packetInfo = 8, receivePacketInfo6 = 49;
        int on = 1;
        _ = isIPv6
            ? SocketCalls.SetSockOpt(descriptor, IPPROTO_IPV6, receivePacketInfo6, &on, sizeof(int))
            : SocketCalls.SetSockOpt(descriptor, IPPROTO_IP, packetInfo, &on, sizeof(int));
    }

    /// <summary>Waits for a datagram and takes all that are there by then, as many as the batch holds.</summary>
    /// <param name="error">The error number where the answer is negative.</param>
    /// <returns>How many came.</returns>
    public int Receive(out Errno error)
    {
        for (int index = 0; index < Capacity; index++)
            (_received[index].NameLength, _received[index].ControlLength, _received[index].Flags) = (AddressSize, ControlSize, 0);
        int count = recvmmsg(_descriptor, _received, Capacity, WaitForOne, null);
        error = count < 0 ? SocketCalls.LastError : default;
        return count;
    }

    /// <summary>A datagram that came; empty where it was longer than is taken.</summary>
    public ReadOnlySpan<byte> Datagram(int index) =>
        (_received[index].Flags & MSG_TRUNC) != 0 ? default : new ReadOnlySpan<byte>(_in + index * LongestReceived, (int)_received[index].Length);

    /// <summary>Who sent it; unknown where the kernel did not say, as when the socket was shut down.</summary>
    public Endpoint Sender(int index)
    {
        ref var message = ref _received[index];
        var address = new ReadOnlySpan<byte>(message.Name, AddressSize);
        return (message.NameLength, BinaryPrimitives.ReadUInt16LittleEndian(address)) switch
        {
            ( >= 16, AF_INET) => new Endpoint(IpAddress.FromBytes(address[4..8]), BinaryPrimitives.ReadUInt16BigEndian(address[2..])),
            ( >= 28, AF_INET6) => new Endpoint(IpAddress.FromBytes(address[8..24]), BinaryPrimitives.ReadUInt16BigEndian(address[2..])),
            _ => default,
        };
    }

    /// <summary>Where the next answer is written to; <see cref="LongestSent"/> octets.</summary>
    public Span<byte> Answer => new(_out + _sending * LongestSent, LongestSent);

    /// <summary>Puts what was written into <see cref="Answer"/> with what is to be sent.</summary>
    /// <param name="index">Which datagram it answers.</param>
    /// <param name="length">How long it is, in octets.</param>
    public void Add(int index, int length)
    {
        ref var message = ref _sent[_sending];
        ref var query = ref _received[index];
        _vectors[Capacity + _sending] = new Vector { Base = _out + _sending * LongestSent, Length = (nuint)length };
        message.Vectors = _vectors + Capacity + _sending;
        message.VectorCount = 1;
        message.Name = query.Name;
        message.NameLength = query.NameLength;
        bool told = query.ControlLength > 0 && (query.Flags & ControlTruncated) == 0;
        message.Control = told ? query.Control : null;
        message.ControlLength = told ? query.ControlLength : 0;
        _sending++;
    }

    /// <summary>Sends what was added. What the network does not take is lost, as datagrams are.</summary>
    public void Send()
    {
        for (int at = 0; at < _sending;)
        {
            int count = sendmmsg(_descriptor, _sent + at, (uint)(_sending - at), MSG_NOSIGNAL);
            // The first of them was refused: the others may go.
            at += count > 0 ? count : SocketCalls.LastError == Errno.EINTR ? 0 : 1;
        }

        _sending = 0;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => NativeMemory.Free(_memory);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int recvmmsg(int fd, Message* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sendmmsg(int fd, Message* messages, uint count, int flags);

    /// <summary>struct iovec.</summary>
    private struct Vector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct mmsghdr: struct msghdr, and how many octets came or went.</summary>
    private struct Message
    {
        public byte* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
        private readonly int _headerPadding;
        public uint Length;
        private readonly int _padding;
    }
}
