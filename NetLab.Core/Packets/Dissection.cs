using System.Runtime.InteropServices;

namespace NetLab.Core.Packets;

/// <summary>One field of one packet: what it is, where its bytes lie, and its value where that is a number.</summary>
/// <param name="Definition">What it is.</param>
/// <param name="Offset">Its first byte in the frame.</param>
/// <param name="Length">How many bytes it has; 0 for what was derived and lies nowhere.</param>
/// <param name="Number">Its value, if it is a number; for names and text where they lie is the value.</param>
/// <param name="Depth">How deep it stands in its layer's tree, from 0.</param>
public readonly record struct Field(FieldDefinition Definition, int Offset, int Length, ulong Number, int Depth);

/// <summary>What is wrong with a layer.</summary>
public enum LayerMark : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The snap length cut it off.</summary>
    Truncated,

    /// <summary>It says what cannot be.</summary>
    Malformed,
}

/// <summary>One layer of one packet.</summary>
/// <param name="Protocol">What it is.</param>
/// <param name="Offset">Its first byte in the frame.</param>
/// <param name="Length">How many bytes its header has; for the last layer all of it.</param>
/// <param name="FirstField">The index of its first field in <see cref="Dissection.Fields"/>.</param>
/// <param name="FieldCount">How many fields it has.</param>
/// <param name="Mark">What is wrong with it.</param>
/// <param name="Reason">What is wrong, in words: for [malformed: …].</param>
public readonly record struct Layer(ProtocolDefinition Protocol, int Offset, int Length, int FirstField, int FieldCount, LayerMark Mark, string? Reason);

/// <summary>
/// The layers and fields of one packet, in the order of its bytes. One object serves packet after packet: after the first few it
/// allocates nothing. It holds no bytes; the values that are not numbers are read from the frame it was made from.
/// </summary>
public sealed class Dissection
{
    private Field[] _fields = new Field[96];
    private int _fieldCount;
    private readonly List<Layer> _layers = new(8);

    /// <summary>The fields of all layers.</summary>
    public ReadOnlySpan<Field> Fields => _fields.AsSpan(0, _fieldCount);

    /// <summary>The layers, the outermost first.</summary>
    public ReadOnlySpan<Layer> Layers => CollectionsMarshal.AsSpan(_layers);

    /// <summary>The fields of one layer.</summary>
    public ReadOnlySpan<Field> FieldsOf(Layer layer) => Fields.Slice(layer.FirstField, layer.FieldCount);

    /// <summary>The innermost layer that is no mere data: what the packet is.</summary>
    public ProtocolDefinition? Protocol
    {
        get
        {
            for (int index = _layers.Count - 1; index >= 0; index--)
            {
                if (_layers[index].Protocol != DataLayer.Protocol)
                    return _layers[index].Protocol;
            }

            return null;
        }
    }

    /// <summary>Finds the innermost field that a byte belongs to: what the tree should mark when the hex cursor stands there.</summary>
    /// <param name="offset">The byte's offset in the frame.</param>
    /// <returns>The field's index, or -1.</returns>
    public int FieldAt(int offset)
    {
        int best = -1;
        for (int index = 0; index < _fieldCount; index++)
        {
            var field = _fields[index];
            if (offset >= field.Offset && offset < field.Offset + field.Length && (best < 0 || field.Length <= _fields[best].Length))
                best = index;
        }

        return best;
    }

    /// <summary>Whether a field is the status of a checksum that is only unfinished, because the network card was to finish it.</summary>
    public bool IsLeftToCard(int index) =>
        index + 1 < _fieldCount && _fields[index].Definition.IsChecksumStatus && _fields[index + 1] is { Number: 1, Definition.IsOffload: true };

    internal void Clear()
    {
        _fieldCount = 0;
        _layers.Clear();
    }

    internal void Add(FieldDefinition definition, int offset, int length, ulong number, int depth)
    {
        if (_fieldCount == _fields.Length)
            Array.Resize(ref _fields, 2 * _fieldCount);
        _fields[_fieldCount++] = new Field(definition, offset, length, number, depth);
    }

    internal int Begin(ProtocolDefinition protocol, int offset, int length)
    {
        EndLayer();
        _layers.Add(new Layer(protocol, offset, length, _fieldCount, 0, LayerMark.None, null));
        return _layers.Count - 1;
    }

    internal void EndLayer()
    {
        if (_layers.Count > 0)
        {
            var last = _layers[^1];
            _layers[^1] = last with { FieldCount = _fieldCount - last.FirstField };
        }
    }

    internal void Resize(int layer, int length) => _layers[layer] = _layers[layer] with { Length = length };

    internal void Mark(LayerMark mark, string? reason)
    {
        if (_layers.Count > 0 && _layers[^1].Mark == LayerMark.None)
            _layers[^1] = _layers[^1] with { Mark = mark, Reason = reason };
    }
}
