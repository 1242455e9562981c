using NetLab.Core.Packets;

namespace NetLab.Core.Tcp;

/// <summary>What the state machine needs of a captured TCP segment.</summary>
/// <param name="Tuple">From its source (local) to its destination (remote).</param>
/// <param name="Flags">The control bits.</param>
/// <param name="Sequence">The sequence number of the first octet (or of the SYN), as on the wire.</param>
/// <param name="Acknowledgment">The acknowledgment number; meaningless without <see cref="TcpFlags.Ack"/>.</param>
/// <param name="Window">The window field, unscaled.</param>
/// <param name="PayloadLength">Octets of data on the wire, even where the capture cut them.</param>
public readonly record struct TcpSegment(
    FourTuple Tuple, TcpFlags Flags, uint Sequence, uint Acknowledgment, ushort Window, int PayloadLength)
{
    /// <summary>The segment that a packet carries.</summary>
    /// <param name="headers">Its headers, of TCP.</param>
    public static TcpSegment Of(in PacketHeaders headers) => new(
        headers.FourTuple, headers.TcpFlags, headers.SequenceNumber, headers.AcknowledgmentNumber, headers.Window, headers.PayloadLength);

    /// <summary>Whether a flag is set.</summary>
    public bool Has(TcpFlags flag) => (Flags & flag) != 0;

    /// <summary>How much sequence space it takes: its data, its SYN, its FIN (RFC 9293 section 3.4).</summary>
    public uint SequenceLength => (uint)PayloadLength + (Has(TcpFlags.Syn) ? 1u : 0) + (Has(TcpFlags.Fin) ? 1u : 0);

    /// <summary>The sequence number after it.</summary>
    public uint End => Sequence + SequenceLength;
}
