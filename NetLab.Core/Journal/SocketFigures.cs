using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace NetLab.Core;

/// <summary>
/// What the kernel knows of one socket beyond its row of the table: TCP_INFO and its memory. The data of an event of kind
/// <see cref="EventKind.SocketFigures"/>; what a kernel does not tell is 0.
/// </summary>
public struct SocketFigures
{
    /// <summary>The retransmission timeout in microseconds.</summary>
    public uint RetransmissionTimeout;

    /// <summary>The smoothed round-trip time in microseconds.</summary>
    public uint RoundTrip;

    /// <summary>Its mean deviation in microseconds.</summary>
    public uint RoundTripVariation;

    /// <summary>The least round-trip time seen, in microseconds.</summary>
    public uint LeastRoundTrip;

    /// <summary>The maximum segment size for sending, in octets.</summary>
    public uint SendSegmentSize;

    /// <summary>The maximum segment size seen in received segments, in octets.</summary>
    public uint ReceiveSegmentSize;

    /// <summary>The path's MTU in octets.</summary>
    public uint PathMtu;

    /// <summary>The congestion window in segments.</summary>
    public uint CongestionWindow;

    /// <summary>The slow-start threshold in segments; 0x7fffffff before the first loss.</summary>
    public uint SlowStartThreshold;

    /// <summary>Segments in flight.</summary>
    public uint Unacknowledged;

    /// <summary>Segments held to be lost.</summary>
    public uint Lost;

    /// <summary>Segments retransmitted over the connection's life.</summary>
    public uint Retransmits;

    /// <summary>Segments sent.</summary>
    public uint SegmentsOut;

    /// <summary>Segments received.</summary>
    public uint SegmentsIn;

    /// <summary>Octets that the peer has acknowledged.</summary>
    public ulong BytesAcknowledged;

    /// <summary>Octets received in order.</summary>
    public ulong BytesReceived;

    /// <summary>Octets retransmitted.</summary>
    public ulong BytesRetransmitted;

    /// <summary>Octets a second that arrived at the peer lately.</summary>
    public ulong DeliveryRate;

    /// <summary>The window that the peer has advertised, in octets.</summary>
    public uint SendWindow;

    /// <summary>Memory that received data takes, and its bound, in bytes.</summary>
    public uint ReceiveMemory, ReceiveBuffer;

    /// <summary>Memory that data to send takes, and its bound, in bytes.</summary>
    public uint SendMemory, SendBuffer;

    /// <summary>Packets that were dropped because there was no room.</summary>
    public uint Drops;

    /// <summary>Whether figures of a TCP connection are there (TCP_INFO).</summary>
    public byte HasTcp;

    /// <summary>TCPI_OPT_…: 1 time stamps, 2 SACK, 4 window scaling, 8 ECN.</summary>
    public byte Options;

    /// <summary>The peer's window scale in the low four bits, the own one in the high ones.</summary>
    public byte WindowScales;

    /// <summary>The congestion control's name, ended by a zero.</summary>
    public AlgorithmName CongestionControl;

    /// <summary>The congestion control: "cubic"; empty where the kernel does not tell it.</summary>
    public readonly string Algorithm
    {
        get
        {
            ReadOnlySpan<byte> name = CongestionControl;
            int end = name.IndexOf((byte)0);
            return Encoding.ASCII.GetString(end < 0 ? name : name[..end]);
        }
    }

    /// <summary>Its bytes, as an event's data.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> AsBytes() => MemoryMarshal.AsBytes(new ReadOnlySpan<SocketFigures>(in this));

    /// <summary>Reads an event's data.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out SocketFigures figures) => MemoryMarshal.TryRead(data, out figures);

    /// <summary>Sixteen bytes, the most that TCP_CA_NAME_MAX allows.</summary>
    [InlineArray(16)]
    public struct AlgorithmName
    {
        private byte _first;
    }
}
