using System.Buffers.Binary;

namespace NetLab.Core.Packets;

/// <summary>What the layers of one packet share while it is dissected: its bytes, where the fields go, and how far to go.</summary>
internal ref struct DissectionContext(in Frame frame, Dissection into, DissectionScope scope, FieldSelection? selection = null)
{
    /// <summary>How deep layers may nest: tunnels in tunnels end there.</summary>
    public const int MaxDepth = 16;

    /// <summary>The frame's captured bytes.</summary>
    public readonly ReadOnlySpan<byte> Bytes = frame.Bytes;

    /// <summary>Where the fields go.</summary>
    public readonly Dissection Into = into;

    /// <summary>How far to go.</summary>
    public readonly DissectionScope Scope = scope;

    /// <summary>What the packets before say of the frame; null where nobody asked them.</summary>
    public readonly FrameContext? History = frame.Context;

    // Null where all fields are wanted.
    private readonly bool[]? _wanted = selection?.Wanted;

    /// <summary>How deep the next field stands in its layer's tree.</summary>
    public int Indent;

    public readonly bool Wants(ProtocolTier tier) => (int)tier <= (int)(Scope & DissectionScope.Application) && Into.Layers.Length < MaxDepth;

    public readonly bool VerifiesChecksums => (Scope & DissectionScope.Checksums) != 0;

    public readonly void Add(FieldDefinition definition, int offset, int length, ulong number)
    {
        if (_wanted is null || _wanted[definition.Index])
            Into.Add(definition, offset, length, number, Indent);
    }

    public readonly void Bytes8(FieldDefinition definition, int offset) => Add(definition, offset, 1, Bytes[offset]);

    public readonly void Bytes16(FieldDefinition definition, int offset) =>
        Add(definition, offset, 2, BinaryPrimitives.ReadUInt16BigEndian(Bytes[offset..]));

    public readonly void Bytes32(FieldDefinition definition, int offset) =>
        Add(definition, offset, 4, BinaryPrimitives.ReadUInt32BigEndian(Bytes[offset..]));

    public readonly void Span(FieldDefinition definition, int offset, int length) => Add(definition, offset, length, 0);

    public readonly void Flag(FieldDefinition definition, int offset, int length, bool value) => Add(definition, offset, length, value ? 1UL : 0);

    public readonly void Checksum(FieldDefinition definition, int offset, ChecksumStatus status)
    {
        if ((Scope & DissectionScope.Checksums) != 0)
            Add(definition, offset, 2, (ulong)status);
    }

    public readonly ushort UInt16(int offset) => BinaryPrimitives.ReadUInt16BigEndian(Bytes[offset..]);

    /// <summary>Marks the layer that was begun last as cut off where the frame was, else as malformed.</summary>
    public readonly void Short(int end, string reason) =>
        Into.Mark(end >= Bytes.Length ? LayerMark.Truncated : LayerMark.Malformed, reason);
}
