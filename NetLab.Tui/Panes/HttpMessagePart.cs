using System.Globalization;
using System.Text;
using NetLab.Core.Http;
using NetLab.Core.Peers;
using NetLab.Tui.App;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

/// <summary>The URL, the request, the response and its body of one hop, taken apart.</summary>
internal sealed class HttpMessagePart : AnatomyPart
{
    private const int MostMarks = 600, Url = 0, Request = 1, Response = 2, Body = 3;

    private readonly byte[][] _bytes = [[], [], [], []];
    private HttpHop? _hop;
    private (int Sent, int Received, int Body, bool IsEnded) _shown;

    /// <summary>What the bytes are of: "response 345".</summary>
    public string Caption => Tree.Chosen < 0 ? "bytes" : string.Create(null, $"{Name(Chosen.Source)} {Bytes.Length}");

    /// <summary>Shows a hop as far as it has come.</summary>
    public void Show(HttpHop hop)
    {
        var state = (hop.Sent.Kept, hop.Received.Kept, hop.Body.Kept, hop.IsEnded);
        if (ReferenceEquals(hop, _hop) && state == _shown)
            return;
        WasMoved &= ReferenceEquals(hop, _hop);
        (_hop, _shown) = (hop, state);
        Clear();
        AddUrl(hop.Url);
        AddMessage(Request, hop.Sent, HttpMessageKind.Request, "");
        AddMessage(Response, hop.Received, hop.ResponseKind, HttpStatus.Explain(hop.Status));
        AddBody(hop);
        ShowPieces();
        // The answer is what one looks for, once it is there.
        if (!WasMoved && FirstOf(Response) is >= 0 and var answer)
            Tree.Reveal(answer);
        FollowTree();
    }

    protected override ReadOnlySpan<byte> BytesOf(int source) => _bytes[source];

    private static string Name(int source) => source switch { Url => "URL", Request => "request", Response => "response", _ => "decoded body" };

    private void AddUrl(UrlAnatomy url)
    {
        byte[] bytes = _bytes[Url] = Encoding.UTF8.GetBytes(url.Text);
        Add(0, new AnatomyPiece(Url, 0, bytes.Length, "URL", url.Sent, true), TreeOpening.Open);
        foreach (var piece in url.Pieces)
        {
            int start = Encoding.UTF8.GetByteCount(url.Text.AsSpan(0, piece.Range.Start.Value));
            int length = Encoding.UTF8.GetByteCount(url.Text.AsSpan()[piece.Range]);
            string text = $"{piece.Name} {(piece.IsTyped ? piece.Meaning : $"({piece.Meaning})")}";
            string sent = piece.Sent == piece.Text || piece.Part is UrlPart.User or UrlPart.Password ? "" : $" It goes as {piece.Sent}.";
            Add(piece.Part == UrlPart.QueryParameter ? 2 : 1, new AnatomyPiece(Url, start, length, text, $"{piece.Purpose}.{sent}"), TreeOpening.Open);
        }
    }

    private void AddMessage(int source, HttpTape tape, HttpMessageKind kind, string status)
    {
        byte[] bytes = _bytes[source] = tape.ToArray();
        if (bytes.Length == 0)
            return;
        var anatomy = HttpAnatomy.Of(bytes, kind);
        string kept = tape.Length > bytes.Length ? string.Create(CultureInfo.InvariantCulture, $"; of its bytes the first {bytes.Length:N0} are kept") : "";
        string head = string.Create(CultureInfo.InvariantCulture, $"{Name(source)}, {FigureText.Count(tape.Length, "byte")}");
        string purpose = source == Request ? "What went to the server" : status.Length > 0 && anatomy.StatusCode > 0
            ? $"{anatomy.StatusCode}: {status.TrimEnd('.')}" : "What came from the server";
        Add(0, new AnatomyPiece(source, 0, bytes.Length, head, $"{purpose}{kept}.", true),
            source == Response ? TreeOpening.Open : TreeOpening.Closed);
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
                HttpPart.Body or HttpPart.ChunkData or HttpPart.Rest or HttpPart.Malformed => string.Create(CultureInfo.InvariantCulture, $"{mark.Part.Name()}, {FigureText.Count(mark.Length, "byte")}"),
                HttpPart.EmptyLine or HttpPart.ChunkEnd or HttpPart.TrailerEnd => mark.Part.Name(),
                _ => $"{mark.Part.Name()} {text}",
            };
            Add(mark.IsWithin ? 2 : 1, new AnatomyPiece(source, mark.Start, mark.Length, label, purpose), TreeOpening.Closed);
        }
    }

    private void AddBody(HttpHop hop)
    {
        byte[] bytes = _bytes[Body] = hop.IsEnded ? hop.Body.ToArray() : [];
        bool isOther = hop.Encoding.Length > 0 || (bytes.Length > 0 && HttpAnatomy.Of(_bytes[Response], hop.ResponseKind).Framing == HttpFraming.Chunked);
        if (!isOther)
            return;
        string how = hop.Encoding.Length > 0 ? $"The body without {hop.Encoding}, as it is meant." : "The body without its chunks, as it is meant.";
        Add(0, new AnatomyPiece(Body, 0, bytes.Length, string.Create(CultureInfo.InvariantCulture, $"decoded body, {FigureText.Count(hop.Body.Length, "byte")}"), how, true), TreeOpening.Closed);
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

    // What was opened in one message is open in the next one, too.
    private void Add(int depth, in AnatomyPiece piece, TreeOpening opening) => Add(piece, (piece.Source, depth, depth == 0 ? 0 : Count), depth, opening);
}
