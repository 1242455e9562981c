using System.Text;
using NetLab.Core.Packets;
using NetLab.Core.Views;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>
/// The packet that is looked at, in layers and bytes, with one cursor: the field chosen in the tree is where its bytes begin, and the byte chosen
/// in the bytes is the innermost field that holds it.
/// </summary>
internal sealed class ChosenPacket
{
    private readonly Dissection _dissection = new();
    private readonly List<(int Layer, int Field)> _nodes = [];
    private byte[] _bytes = [];
    private int _length;
    private int _wireLength;
    private long _number;
    private IPacketLog? _log;

    /// <summary>The tree: which branches are open, and the chosen field.</summary>
    public TreeState Tree { get; } = new();

    /// <summary>The packet's place; -1 for none.</summary>
    public long Place { get; private set; } = -1;

    /// <summary>Whether there is a packet; its bytes may have been dropped.</summary>
    public bool HasPacket => _length > 0;

    /// <summary>The captured bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>The byte that is chosen.</summary>
    public int Byte { get; private set; }

    /// <summary>Counts the choices, so that the view of the bytes follows them.</summary>
    public int Version { get; private set; }

    /// <summary>Shows a packet; -1 for none.</summary>
    public void Show(IPacketLog log, long place)
    {
        if (place == Place && ReferenceEquals(log, _log))
            return;
        (Place, _log, _length) = (place, log, 0);
        _nodes.Clear();
        if (place < 0 || !log.TryGet(place, out var frame))
        {
            Tree.Show([]);
            return;
        }

        if (_bytes.Length < frame.Bytes.Length)
            _bytes = new byte[frame.Bytes.Length];
        frame.Bytes.CopyTo(_bytes);
        (_length, _wireLength, _number) = (frame.Bytes.Length, frame.WireLength, frame.Number);
        Dissector.Dissect(log.WithHistory(place, frame), _dissection);
        Tree.Show(Nodes());
        FollowTree();
    }

    /// <summary>The bytes of what is chosen in the tree: of its layer, and of the field itself; empty where they lie nowhere.</summary>
    public (int Start, int Length) LayerRange => Tree.Chosen < 0 ? default : Range(_dissection.Layers[_nodes[Tree.Chosen].Layer]);

    /// <summary>The bytes of the chosen field; a layer's are all of its.</summary>
    public (int Start, int Length) FieldRange
    {
        get
        {
            if (Tree.Chosen < 0)
                return default;
            var (layer, index) = _nodes[Tree.Chosen];
            return index < 0 ? Range(_dissection.Layers[layer]) : (_dissection.Fields[index].Offset, _dissection.Fields[index].Length);
        }
    }

    /// <summary>Moves the cursor of the bytes to where the chosen field begins.</summary>
    public void FollowTree()
    {
        Version++;
        if (FieldRange is { Length: > 0 } range)
            Byte = Math.Clamp(range.Start, 0, Math.Max(0, _length - 1));
    }

    /// <summary>Chooses a byte, and in the tree the innermost field that holds it.</summary>
    public void ChooseByte(int offset)
    {
        if (_length == 0)
            return;
        Byte = Math.Clamp(offset, 0, _length - 1);
        Version++;
        int field = FieldAt(Byte);
        int node = field >= 0 ? _nodes.FindIndex(entry => entry.Field == field) : _nodes.FindLastIndex(entry => entry.Field < 0 && Holds(entry.Layer, Byte));
        if (node >= 0)
            Tree.Reveal(node);
    }

    /// <summary>What a node of the tree says.</summary>
    public void WriteLabel(int node, ref Utf8Line line)
    {
        var (layer, field) = _nodes[node];
        if (field >= 0)
        {
            FieldText.WriteLine(ref line, _dissection, field, Bytes);
            return;
        }

        FieldText.WriteLayer(ref line, _dissection.Layers[layer]);
        WriteSummary(ref line, _dissection.Layers[layer]);
    }

    /// <summary>Whether a node is a layer, and whether something is wrong with that.</summary>
    public (bool IsLayer, bool IsWrong) Kind(int node) => _nodes[node] is (var layer, < 0)
        ? (true, _dissection.Layers[layer].Mark != LayerMark.None) : (false, IsBad(_nodes[node].Field));

    /// <summary>What is chosen, as its line in the tree.</summary>
    public string Line() => Text(static (ChosenPacket detail, ref Utf8Line line) => detail.WriteLabel(detail.Tree.Chosen, ref line));

    /// <summary>What is chosen, as a display filter that lets through what has the same; null where nothing is chosen.</summary>
    public string? Filter()
    {
        if (Tree.Chosen < 0)
            return null;
        var (layer, index) = _nodes[Tree.Chosen];
        if (index < 0)
            return _dissection.Layers[layer].Protocol.Name;
        var field = _dissection.Fields[index];
        string value = Text((ChosenPacket detail, ref Utf8Line line) => FieldText.WriteValue(ref line, field, detail.Bytes));
        return field.Definition.Kind switch
        {
            FieldKind.None => field.Definition.Name,
            FieldKind.Text or FieldKind.DnsName => $"{field.Definition.Name} == \"{value.Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
            FieldKind.Bytes => $"{field.Definition.Name} == {string.Join(':', Bytes.Slice(field.Offset, Math.Min(field.Length, 32)).ToArray().Select(octet => octet.ToString("x2", null)))}",
            _ => $"{field.Definition.Name} == {value}",
        };
    }

    /// <summary>The bytes of what is chosen, in hexadecimal.</summary>
    public string Hex()
    {
        var (start, length) = FieldRange;
        if (length == 0)
            (start, length) = (Byte, Math.Min(1, _length));
        return string.Join(' ', Bytes.Slice(start, length).ToArray().Select(octet => octet.ToString("x2", null)));
    }

    private delegate void LineWriter(ChosenPacket detail, ref Utf8Line line);

    private string Text(LineWriter write)
    {
        var line = new Utf8Line(new byte[4096]);
        write(this, ref line);
        return Encoding.UTF8.GetString(line.Written);
    }

    private TreeNode[] Nodes()
    {
        var nodes = new List<TreeNode>(_dissection.Fields.Length + _dissection.Layers.Length);
        for (int layer = 0; layer < _dissection.Layers.Length; layer++)
        {
            var shown = _dissection.Layers[layer];
            // What carries the conversation is read mostly; what is below it mostly not.
            nodes.Add(new TreeNode(shown.Protocol, 0, shown.Protocol.Tier >= ProtocolTier.Transport ? TreeOpening.Open : TreeOpening.Closed));
            _nodes.Add((layer, -1));
            for (int field = shown.FirstField; field < shown.FirstField + shown.FieldCount; field++)
            {
                var definition = _dissection.Fields[field].Definition;
                // What the stream says of a segment is no part of its bytes: nobody looks for it where it is folded away.
                nodes.Add(new TreeNode(definition, 1 + _dissection.Fields[field].Depth, definition.NeedsAnalysis ? TreeOpening.Open : TreeOpening.Closed));
                _nodes.Add((layer, field));
            }
        }

        return [.. nodes];
    }

    // Where several fields share the same bytes (the flags of one octet) it is what they stand in that is meant.
    private int FieldAt(int offset)
    {
        int field = _dissection.FieldAt(offset);
        if (field <= 0)
            return field;
        var fields = _dissection.Fields;
        var (found, before) = (fields[field], fields[field - 1]);
        if (found.Depth == 0 || before.Depth != found.Depth || (before.Offset, before.Length) != (found.Offset, found.Length))
            return field;
        int parent = field;
        while (parent >= 0 && fields[parent].Depth >= found.Depth)
            parent--;
        return parent >= 0 ? parent : field;
    }

    private (int, int) Range(Layer layer) => (layer.Offset, Math.Max(0, Math.Min(layer.Length, _length - layer.Offset)));

    private bool Holds(int layer, int offset) => Range(_dissection.Layers[layer]) is var (start, length) && offset >= start && offset < start + length;

    private bool IsBad(int field) =>
        _dissection.Fields[field] is { Definition.IsChecksumStatus: true, Number: (ulong)ChecksumStatus.Bad } && !_dissection.IsLeftToCard(field);

    // From where to where, or what it is about: a closed layer says the most of it in its own line.
    private void WriteSummary(ref Utf8Line line, Layer layer)
    {
        bool begun = false;
        if (layer.Protocol.Name == "frame")
        {
            line.Character((byte)' ');
            line.Number((ulong)_number);
            line.Text(", "u8);
            line.Number(_wireLength);
            line.Text(_wireLength == _length ? " bytes"u8 : " bytes on the wire"u8);
            return;
        }

        foreach (ref readonly var field in _dissection.FieldsOf(layer))
        {
            if (Lead(field.Definition.Name) is not { } lead)
                continue;
            line.Text(begun ? lead : ", ");
            FieldText.WriteValue(ref line, field, Bytes);
            begun = true;
        }
    }

    // What stands before a field of a summary that is not its first; null for what does not stand there.
    private static string? Lead(string name) => name switch
    {
        "ip.src" or "ipv6.src" or "tcp.srcport" or "udp.srcport" or "eth.src" => ", ",
        "ip.dst" or "ipv6.dst" or "tcp.dstport" or "udp.dstport" => " → ",
        "http.request.uri" or "http.response.phrase" => " ",
        "dns.qry.name" or "http.request.method" or "http.response.code" => ", ",
        _ => null,
    };
}
