
namespace NetLab.Core.Kernel;

/// <summary>One socket as the kernel's table has it.</summary>
public struct SocketRow
{
    /// <summary>The kernel's number of this very socket, never used again until the next boot; 0 from /proc/net.</summary>
    public ulong Cookie;

    /// <summary>Both its ends; the remote one is unknown for a listener.</summary>
    public FourTuple Tuple;

    /// <summary>Protocol, state, queues, timer, TCP_INFO's figures, descriptor.</summary>
    public SocketDetail Detail;

    /// <summary>The process that has it open; 0 where none is known.</summary>
    public int ProcessId;

    /// <summary>Its name.</summary>
    public NameId Process;

    /// <summary>Whether it is an IPv6 socket; one may carry IPv4 in its mapped form.</summary>
    public bool IsIPv6;

    /// <summary>Bytes of memory for received data, and for data to send; 0 where unknown.</summary>
    public (uint Receive, uint Send) Memory;

    /// <summary>By what this socket is known again in the next sample.</summary>
    internal readonly ulong Key => Cookie != 0
        ? Cookie
        : ((ulong)(uint)Tuple.GetHashCode() << 32 | (uint)HashCode.Combine(Detail.Inode, Detail.Protocol)) | 1UL << 63;

    /// <summary>Whether the next sample of the same socket tells something new; a timer that merely runs down does not.</summary>
    internal readonly bool DiffersFrom(in SocketRow earlier) =>
        Detail.State != earlier.Detail.State || Detail.Timer != earlier.Detail.Timer || Detail.TimerRemaining > earlier.Detail.TimerRemaining
        || Detail.ReceiveQueue != earlier.Detail.ReceiveQueue || Detail.SendQueue != earlier.Detail.SendQueue
        || Detail.CongestionWindow != earlier.Detail.CongestionWindow || Detail.Retransmits != earlier.Detail.Retransmits
        || Detail.RoundTripMicroseconds != earlier.Detail.RoundTripMicroseconds || Detail.BytesSent != earlier.Detail.BytesSent
        || Detail.BytesReceived != earlier.Detail.BytesReceived || Detail.Descriptor != earlier.Detail.Descriptor
        || ProcessId != earlier.ProcessId || Process != earlier.Process || Tuple != earlier.Tuple;
}

/// <summary>Which sockets a table holds.</summary>
[Flags]
public enum SocketKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>TCP over IPv4 and IPv6.</summary>
    Tcp = 1,

    /// <summary>UDP over IPv4 and IPv6.</summary>
    Udp = 2,

    /// <summary>Both.</summary>
    All = Tcp | Udp,
}

/// <summary>Rows that grow to the largest table seen and are then used again.</summary>
internal sealed class SocketRows
{
    private SocketRow[] _rows = new SocketRow[64];

    internal int Count { get; private set; }

    internal Span<SocketRow> Span => _rows.AsSpan(0, Count);

    internal void Clear() => Count = 0;

    internal ref SocketRow Add()
    {
        if (Count == _rows.Length)
            Array.Resize(ref _rows, Count * 2);
        ref var row = ref _rows[Count++];
        row = default;
        row.Detail.Descriptor = -1;
        return ref row;
    }

    internal void RemoveLast() => Count--;
}
