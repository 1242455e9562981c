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
    /// <summary>How much sequence space it takes: its data, its SYN, its FIN (RFC 9293 section 3.4).</summary>
    public uint SequenceLength => (uint)PayloadLength + (Flags.HasFlag(TcpFlags.Syn) ? 1u : 0) + (Flags.HasFlag(TcpFlags.Fin) ? 1u : 0);

    /// <summary>The sequence number after it.</summary>
    public uint End => Sequence + SequenceLength;
}
