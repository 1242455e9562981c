using NetLab.Core.Dns;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>
/// The query and the answer of one step, taken apart, beside their bytes, with one cursor: what is chosen in the parts is lit in the bytes, and the byte that is
/// chosen shows the innermost part that holds it.
/// </summary>
internal sealed class DnsMessagePart
{
    private readonly record struct Node(bool IsAnswer, int Offset, int Length, string Text, bool IsHead);

    private readonly List<Node> _nodes = [];
    private DnsWalkStep? _step;
    private int _top, _seen = -1, _version, _width = 1, _height = 1;

    /// <summary>The parts: which are open, and the chosen one.</summary>
    public TreeState Tree { get; } = new();

    /// <summary>The byte that is chosen, in the message that the chosen part is of.</summary>
    public int Byte { get; private set; }

    /// <summary>Whether there is a message.</summary>
    public bool HasMessage => _nodes.Count > 0;

    /// <summary>What the bytes are of: "answer 56".</summary>
    public string Caption => Tree.Chosen < 0 ? "" : string.Create(null, $"{(Chosen.IsAnswer ? "answer" : "query")} {Bytes.Length}");

    private Node Chosen => _nodes[Tree.Chosen];

    private ReadOnlySpan<byte> Bytes => Tree.Chosen < 0 || _step is null ? default : (Chosen.IsAnswer ? _step.Answer : _step.Query).Span;

    /// <summary>Shows the messages of a step; null for none.</summary>
    public void Show(DnsWalkStep? step)
    {
        if (ReferenceEquals(step, _step))
            return;
        _step = step;
        _nodes.Clear();
        var tree = new List<TreeNode>();
        // The answer is what one looks for; the query is mostly known.
        if (step is { Answer.IsEmpty: false })
            Add(tree, step.Answer.Span, isAnswer: true);
        if (step is { Query.IsEmpty: false })
            Add(tree, step.Query.Span, isAnswer: false);
        Tree.Show(tree.ToArray());
        FollowTree();
    }

    /// <summary>Moves the byte to where the chosen part begins.</summary>
    public void FollowTree()
    {
        _version++;
        if (Tree.Chosen >= 0 && Chosen.Length > 0)
            Byte = Chosen.Offset;
    }

    /// <summary>Takes a key on the parts.</summary>
    public bool TakeOnParts(KeyEvent key)
    {
        if (key.Key == Key.Right || key.Is('l'))
            Tree.Expand();
        else if (key.Key == Key.Left || key.Is('h'))
            Tree.Collapse();
        else if (Movement.Of(key, Tree.Height, Tree.Rows.Count) is { } rows)
            Tree.Move(rows);
        else
            return false;
        FollowTree();
        return true;
    }

    /// <summary>Takes a key on the bytes.</summary>
    public bool TakeOnBytes(KeyEvent key)
    {
        int perRow = HexView.BytesPerRow(_width);
        int? distance = key.Key == Key.Right || key.Is('l') ? 1 : key.Key == Key.Left || key.Is('h') ? -1
            : Movement.Of(key, _height, Bytes.Length) is { } rows ? rows * perRow : null;
        if (distance is not { } bytes)
            return false;
        ChooseByte(Byte + bytes);
        return true;
    }

    /// <summary>Takes a click on the bytes.</summary>
    public void Click(int x, int y)
    {
        if (HexView.ByteAt(x, _top + y, _width, Bytes.Length) is >= 0 and var offset)
            ChooseByte(offset);
    }

    /// <summary>Scrolls the bytes.</summary>
    public void Scroll(int rows) => _top += rows; // clamped as it is drawn

    /// <summary>Draws the parts.</summary>
    public void DrawParts(Canvas canvas, Style selection) =>
        Widgets.Tree.Draw(canvas, Tree, (node, label) => label.Write(0, 0, _nodes[node].IsHead ? Theme.Title : Theme.Text, EventText.Printable(_nodes[node].Text)), Theme.Faint, selection);

    /// <summary>Draws the bytes.</summary>
    public void DrawBytes(Canvas canvas, bool isActive)
    {
        (_width, _height) = (canvas.Width, Math.Max(1, canvas.Height));
        if (_seen != _version)
            _top = HexView.Reveal(_top, Byte, canvas.Width, canvas.Height);
        _seen = _version;
        var bytes = Bytes;
        _top = Math.Clamp(_top, 0, Math.Max(0, HexView.Rows(bytes.Length, canvas.Width) - canvas.Height));
        var range = Tree.Chosen < 0 ? default : Chosen;
        HexView.Draw(canvas, bytes, _top, Theme.Faint, Theme.Faint, Theme.Faint, [new HexRange(range.Offset, range.Length, Theme.TabLit)], isActive ? Byte : -1);
    }

    private void ChooseByte(int offset)
    {
        if (Bytes.IsEmpty)
            return;
        Byte = Math.Clamp(offset, 0, Bytes.Length - 1);
        _version++;
        bool isAnswer = Chosen.IsAnswer;
        int node = _nodes.FindLastIndex(part => part.IsAnswer == isAnswer && !part.IsHead && Byte >= part.Offset && Byte < part.Offset + part.Length);
        if (node >= 0)
            Tree.Reveal(node);
    }

    private void Add(List<TreeNode> tree, ReadOnlySpan<byte> octets, bool isAnswer)
    {
        string what = isAnswer ? "answer" : "query";
        Add(tree, new Node(isAnswer, 0, octets.Length, $"{what}, {octets.Length} bytes", true), what, 0, isAnswer ? TreeOpening.Open : TreeOpening.Closed);
        var lines = DnsAnatomy.Of(octets);
        for (int index = 0; index < lines.Count; index++)
        {
            var line = lines[index];
            bool isSection = line.Depth == 0 && line.Length == 0;
            // A section's bytes are those of all its fields.
            int end = line.Offset + line.Length;
            for (int inner = index + 1; isSection && inner < lines.Count && lines[inner].Depth > 0; inner++)
                end = Math.Max(end, lines[inner].Offset + lines[inner].Length);
            string text = !isSection ? line.Meaning : line.Meaning == "header" ? Header(lines, index) : Record(lines, index);
            Add(tree, new Node(isAnswer, line.Offset, end - line.Offset, text, isSection), (what, line.Meaning, line.Depth), 1 + line.Depth, TreeOpening.Closed);
        }
    }

    // Closed, a part says the most of what it holds.
    private static string Header(IReadOnlyList<DnsAnatomyLine> lines, int index) =>
        index + 2 < lines.Count ? $"header: {lines[index + 2].Meaning.Replace("opcode 0, ", "", StringComparison.Ordinal)}" : "header";

    private static string Record(IReadOnlyList<DnsAnatomyLine> lines, int index)
    {
        var parts = new List<string>();
        for (int inner = index + 1; inner < lines.Count && lines[inner].Depth > 0; inner++)
            parts.Add(lines[inner].Meaning);
        string Of(string start) => parts.Find(part => part.StartsWith(start, StringComparison.Ordinal))?[start.Length..] ?? "";
        return $"{lines[index].Meaning.Replace(" record", "", StringComparison.Ordinal)}: {(Of("owner ") + Of("name ")).Replace(" (compressed)", "", StringComparison.Ordinal)} {Of("type ")}"
            + $"{(parts.Count > 5 ? $" {parts[^1]}" : "")}";
    }

    private void Add(List<TreeNode> tree, Node node, object key, int depth, TreeOpening opens)
    {
        _nodes.Add(node);
        tree.Add(new TreeNode(key, depth, opens));
    }
}
