using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>A piece of a message: where it stands in which bytes, and what there is to say of it.</summary>
/// <param name="Source">Which bytes.</param>
/// <param name="Offset">Where it begins in them.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Text">What it is.</param>
/// <param name="Purpose">What it is for; empty where that is not told.</param>
/// <param name="IsHead">Whether it only holds others together: a byte is never shown as its.</param>
internal readonly record struct AnatomyPiece(int Source, int Offset, int Length, string Text, string Purpose = "", bool IsHead = false);

/// <summary>
/// Messages taken apart, beside their bytes, with one cursor: the piece that is chosen is lit in the bytes, and the byte that is chosen shows the innermost piece
/// that holds it. A protocol's own part says what the pieces are.
/// </summary>
internal abstract class AnatomyPart
{
    private readonly List<AnatomyPiece> _pieces = [];
    private readonly List<TreeNode> _nodes = [];
    private int _top, _seen = -1, _version, _width = 1, _height = 1;

    /// <summary>The pieces: which are open, and the chosen one.</summary>
    public TreeState Tree { get; } = new();

    /// <summary>The byte that is chosen, in what the chosen piece is of.</summary>
    public int Byte { get; private set; }

    /// <summary>What the chosen piece is for.</summary>
    public string Purpose => Tree.Chosen < 0 ? "" : Chosen.Purpose;

    /// <summary>Whether there is a message.</summary>
    public bool HasMessage => _pieces.Count > 0;

    /// <summary>Says that the user has chosen.</summary>
    public void Moved() => WasMoved = true;

    /// <summary>Moves the byte to where the chosen piece begins.</summary>
    public void FollowTree()
    {
        _version++;
        if (Tree.Chosen >= 0)
            Byte = Chosen.Offset;
    }

    /// <summary>Takes a key on the pieces.</summary>
    public bool TakeOnParts(KeyEvent key)
    {
        if (!Movement.Take(Tree, key))
            return false;
        WasMoved = true;
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

    /// <summary>Draws the pieces.</summary>
    public void DrawParts(Canvas canvas, Style selection) =>
        Widgets.Tree.Draw(canvas, Tree, (node, label) => label.Write(0, 0, _pieces[node].IsHead ? Theme.Title : Theme.Text, EventText.Printable(_pieces[node].Text)), Theme.Faint, selection);

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

    /// <summary>The chosen piece; there is one where <see cref="Tree"/> has chosen.</summary>
    protected AnatomyPiece Chosen => _pieces[Tree.Chosen];

    /// <summary>What the chosen piece is of.</summary>
    protected ReadOnlySpan<byte> Bytes => Tree.Chosen < 0 ? default : BytesOf(Chosen.Source);

    /// <summary>Whether the user has chosen a piece or a byte since this was last unset.</summary>
    protected bool WasMoved { get; set; }

    /// <summary>How many pieces there are so far.</summary>
    protected int Count => _pieces.Count;

    /// <summary>The bytes that pieces speak of.</summary>
    protected abstract ReadOnlySpan<byte> BytesOf(int source);

    /// <summary>Forgets the pieces; new ones are added, then shown.</summary>
    protected void Clear()
    {
        _pieces.Clear();
        _nodes.Clear();
    }

    /// <summary>Adds a piece behind the others.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="key">What it is in any message, so that what was opened in one is open in the next one, too.</param>
    /// <param name="depth">How deep it stands.</param>
    /// <param name="opening">Whether it is open at first.</param>
    protected void Add(in AnatomyPiece piece, object key, int depth, TreeOpening opening)
    {
        _pieces.Add(piece);
        _nodes.Add(new TreeNode(key, depth, opening));
    }

    /// <summary>Shows what was added.</summary>
    protected void ShowPieces() => Tree.Show(_nodes.ToArray());

    /// <summary>The first piece of some bytes; -1 for none.</summary>
    protected int FirstOf(int source) => _pieces.FindIndex(piece => piece.Source == source);

    private void ChooseByte(int offset)
    {
        if (Bytes.IsEmpty)
            return;
        Byte = Math.Clamp(offset, 0, Bytes.Length - 1);
        _version++;
        WasMoved = true;
        int source = Chosen.Source;
        int node = _pieces.FindLastIndex(piece => piece.Source == source && !piece.IsHead && Byte >= piece.Offset && Byte < piece.Offset + piece.Length);
        if (node >= 0)
            Tree.Reveal(node);
    }
}
