using System.Globalization;
using System.Text;
using NetLab.Core.Http;
using NetLab.Core.Peers;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>
/// The URL, the request, the response and its body of one hop, taken apart, beside their bytes, with one cursor: what is chosen in the parts is lit in the bytes, and
/// the byte that is chosen shows the innermost part that holds it.
/// </summary>
internal sealed class HttpMessagePart
{
    private const int MostMarks = 600;

    private enum Source
    {
        Url,
        Request,
        Response,
        Body,
    }

    private readonly record struct Node(Source Source, int Offset, int Length, string Text, string Purpose, bool IsHead);

    private readonly List<Node> _nodes = [];
    private readonly List<TreeNode> _tree = [];
    private readonly byte[][] _bytes = [[], [], [], []];
    private HttpHop? _hop;
    private (int Sent, int Received, int Body, bool IsEnded) _shown;
    private int _top, _seen = -1, _version, _width = 1, _height = 1;
    private bool _moved;

    /// <summary>The parts: which are open, and the chosen one.</summary>
    public TreeState Tree { get; } = new();

    /// <summary>The byte that is chosen, in what the chosen part is of.</summary>
    public int Byte { get; private set; }

    /// <summary>What the bytes are of: "response 345".</summary>
    public string Caption => Tree.Chosen < 0 ? "bytes" : string.Create(null, $"{Name(Chosen.Source)} {Bytes.Length}");

    /// <summary>What the chosen part is for.</summary>
    public string Purpose => Tree.Chosen < 0 ? "" : Chosen.Purpose;

    private Node Chosen => _nodes[Tree.Chosen];

    private ReadOnlySpan<byte> Bytes => Tree.Chosen < 0 ? default : _bytes[(int)Chosen.Source];

    /// <summary>Shows a hop as far as it has come.</summary>
    public void Show(HttpHop hop)
    {
        var state = (hop.Sent.Kept, hop.Received.Kept, hop.Body.Kept, hop.IsEnded);
        if (ReferenceEquals(hop, _hop) && state == _shown)
            return;
        _moved &= ReferenceEquals(hop, _hop);
        (_hop, _shown) = (hop, state);
        _nodes.Clear();
        _tree.Clear();
        AddUrl(hop.Url);
        AddMessage(Source.Request, hop.Sent, HttpMessageKind.Request, "");
        AddMessage(Source.Response, hop.Received, hop.ResponseKind, HttpStatus.Explain(hop.Status));
        AddBody(hop);
        Tree.Show(_tree.ToArray());
        // The answer is what one looks for, once it is there.
        int answer = _nodes.FindIndex(node => node.Source == Source.Response);
        if (!_moved && answer >= 0)
            Tree.Reveal(answer);
        FollowTree();
    }

    /// <summary>Says that the user has chosen: the choice follows the request no longer.</summary>
    public void Moved() => _moved = true;

    /// <summary>Moves the byte to where the chosen part begins.</summary>
    public void FollowTree()
    {
        _version++;
        if (Tree.Chosen >= 0)
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
        _moved = true;
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

    private static string Name(Source source) => source switch { Source.Url => "URL", Source.Body => "decoded body", _ => source.ToString().ToLowerInvariant() };

    private void ChooseByte(int offset)
    {
        if (Bytes.IsEmpty)
            return;
        Byte = Math.Clamp(offset, 0, Bytes.Length - 1);
        _version++;
        _moved = true;
        var source = Chosen.Source;
        int node = _nodes.FindLastIndex(part => part.Source == source && !part.IsHead && Byte >= part.Offset && Byte < part.Offset + part.Length);
        if (node >= 0)
            Tree.Reveal(node);
    }

    private void AddUrl(UrlAnatomy url)
    {
        byte[] bytes = _bytes[(int)Source.Url] = Encoding.UTF8.GetBytes(url.Text);
        Add(0, new Node(Source.Url, 0, bytes.Length, "URL", url.Sent, true), TreeOpening.Open);
        foreach (var piece in url.Pieces)
        {
            int start = Encoding.UTF8.GetByteCount(url.Text.AsSpan(0, piece.Range.Start.Value));
            int length = Encoding.UTF8.GetByteCount(url.Text.AsSpan()[piece.Range]);
            string text = $"{piece.Name} {(piece.IsTyped ? piece.Meaning : $"({piece.Meaning})")}";
            string sent = piece.Sent == piece.Text || piece.Part is UrlPart.User or UrlPart.Password ? "" : $" It goes as {piece.Sent}.";
            Add(piece.Part == UrlPart.QueryParameter ? 2 : 1, new Node(Source.Url, start, length, text, $"{piece.Purpose}.{sent}", false), TreeOpening.Open);
        }
    }

    private void AddMessage(Source source, HttpTape tape, HttpMessageKind kind, string status)
    {
        byte[] bytes = _bytes[(int)source] = tape.ToArray();
        if (bytes.Length == 0)
            return;
        var anatomy = HttpAnatomy.Of(bytes, kind);
        string kept = tape.Length > bytes.Length ? string.Create(CultureInfo.InvariantCulture, $"; the first {bytes.Length:N0} are kept") : "";
        string head = string.Create(CultureInfo.InvariantCulture, $"{Name(source)}, {tape.Length:N0} bytes");
        string purpose = source == Source.Request ? "What went to the server" : status.Length > 0 && anatomy.StatusCode > 0
            ? $"{anatomy.StatusCode}: {status.TrimEnd('.')}" : "What came from the server";
        Add(0, new Node(source, 0, bytes.Length, head, $"{purpose}{kept}.", true),
            source == Source.Response ? TreeOpening.Open : TreeOpening.Closed);
        string field = "";
        foreach (var mark in anatomy.Marks.Take(MostMarks))
        {
            string text = Text(mark, bytes);
            if (mark.Part is HttpPart.FieldName or HttpPart.TrailerName)
                field = HttpFieldNames.Explain(text);
            purpose = mark.Part switch
            {
                HttpPart.Field or HttpPart.Trailer => Explain(bytes, mark),
                HttpPart.FieldName or HttpPart.FieldValue or HttpPart.TrailerName or HttpPart.TrailerValue => $"{mark.Part.Name()}: {field}",
                HttpPart.StatusLine or HttpPart.Status or HttpPart.Reason when status.Length > 0 => status,
                _ => mark.Part.Explain(),
            };
            string label = mark.Part switch
            {
                HttpPart.Field or HttpPart.Trailer or HttpPart.RequestLine or HttpPart.StatusLine => text,
                HttpPart.Body or HttpPart.ChunkData or HttpPart.Rest or HttpPart.Malformed => string.Create(CultureInfo.InvariantCulture, $"{mark.Part.Name()}, {mark.Length:N0} bytes"),
                HttpPart.EmptyLine or HttpPart.ChunkEnd or HttpPart.TrailerEnd => mark.Part.Name(),
                _ => $"{mark.Part.Name()} {text}",
            };
            Add(mark.IsWithin ? 2 : 1, new Node(source, mark.Start, mark.Length, label, purpose, false), TreeOpening.Closed);
        }
    }

    private void AddBody(HttpHop hop)
    {
        byte[] bytes = _bytes[(int)Source.Body] = hop.IsEnded ? hop.Body.ToArray() : [];
        bool isOther = hop.Encoding.Length > 0 || (bytes.Length > 0 && HttpAnatomy.Of(_bytes[(int)Source.Response], hop.ResponseKind).Framing == HttpFraming.Chunked);
        if (!isOther)
            return;
        string how = hop.Encoding.Length > 0 ? $"The body without {hop.Encoding}, as it is meant." : "The body without its chunks, as it is meant.";
        Add(0, new Node(Source.Body, 0, bytes.Length, string.Create(CultureInfo.InvariantCulture, $"decoded body, {hop.Body.Length:N0} bytes"), how, true), TreeOpening.Closed);
    }

    private static string Explain(byte[] bytes, HttpMark line)
    {
        var text = line.Of(bytes);
        int colon = text.IndexOf((byte)':');
        string words = colon < 0 ? "" : HttpFieldNames.Explain(Encoding.Latin1.GetString(text[..colon]));
        return words.Length == 0 ? "A header field." : $"Header field: {words}.";
    }

    private static string Text(HttpMark mark, byte[] bytes)
    {
        var part = mark.Of(bytes)[..Math.Min(mark.Length, 300)];
        return Encoding.UTF8.GetString(part.TrimEnd("\r\n"u8));
    }

    private void Add(int depth, Node node, TreeOpening opens)
    {
        // What was opened in one message is open in the next one, too.
        _tree.Add(new TreeNode((node.Source, depth, depth == 0 ? 0 : _nodes.Count), depth, opens));
        _nodes.Add(node);
    }
}
