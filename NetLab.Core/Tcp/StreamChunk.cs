namespace NetLab.Core.Tcp;

/// <summary>What a piece of a reassembled stream is.</summary>
public enum StreamChunkKind : byte
{
    /// <summary>Octets in their order.</summary>
    Data,

    /// <summary>Octets that were sent but not captured: the peer acknowledged them, or what follows them could wait no longer.</summary>
    Missing,

    /// <summary>The sender's FIN: nothing follows.</summary>
    End,

    /// <summary>The sender's RST.</summary>
    Reset,

    /// <summary>A SYN that begins a new life of the four-tuple: both directions count from 0 again.</summary>
    Restart,
}

/// <summary>A piece of one direction of a stream, in the order in which its receiver could read it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Sender">The end that sent it, 0 or 1.</param>
/// <param name="Offset">Its first octet's place in that direction, from 0.</param>
/// <param name="Length">How many octets it has, or lack; 0 for what is none.</param>
/// <param name="Packet">The number of the packet that carried it, or by which it is known to be missing.</param>
/// <param name="Time">When that packet was captured.</param>
public readonly record struct StreamChunk(StreamChunkKind Kind, int Sender, long Offset, long Length, long Packet, Timestamp Time);

/// <summary>Takes a piece of a stream.</summary>
/// <param name="chunk">What it is.</param>
/// <param name="data">Its octets, for <see cref="StreamChunkKind.Data"/>; valid during the call only.</param>
public delegate void StreamChunkHandler(in StreamChunk chunk, ReadOnlySpan<byte> data);

/// <summary>What one direction of a reassembled stream came to, in octets.</summary>
/// <param name="Delivered">Handed over in order.</param>
/// <param name="Missing">Not captured.</param>
/// <param name="Repeated">Captured again after they were there: retransmissions and overlaps. The first copy is kept.</param>
/// <param name="Conflicting">Of the repeated ones those that differed from a first copy which still waited to be handed over.</param>
/// <param name="Reordered">Captured before octets that precede them.</param>
public readonly record struct ReassemblyFigures(long Delivered, long Missing, long Repeated, long Conflicting, long Reordered);
