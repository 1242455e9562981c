using System.Globalization;
using System.Text;
using NetLab.Core.Http;
using NetLab.Core.Peers;
using NetLab.Tui.Rendering;

namespace NetLab.Tui.Commands;

/// <summary>A request for people: the URL's pieces, each step as it is over, then the bytes both ways beside what they are.</summary>
internal sealed class HttpTextPrinter(TextWriter output, Paint paint) : HttpRunPrinter
{
    private const int OctetsALine = 12, LabelColumns = 18, MostOctets = 96, MostMarks = 200, MostText = 4096;

    public override void Began(HttpHop hop)
    {
        base.Began(hop);
        if (Hops > 1)
            output.WriteLine();
        output.WriteLine(paint.Now($"{hop.Method} {Safe(hop.Url.Sent)}"));
        foreach (var piece in hop.Url.Pieces)
        {
            string text = piece.Meaning == piece.Text && piece.Sent == piece.Text ? piece.Text
                : piece.Part is UrlPart.Password or UrlPart.User || piece.Sent == piece.Text ? $"{piece.Text}  is {piece.Meaning}" : $"{piece.Text}  goes as {piece.Sent}";
            output.WriteLine($"  {piece.Name,-10} {Safe(Cut(text, 200))}  {paint.Faint(piece.Purpose)}");
        }

        output.WriteLine();
    }

    public override void Stepped(HttpHop hop, HttpStep step)
    {
        string line = $"  {(step.Begun - hop.Begun).ToString(),9}  {step.Name,-11} {step.Took.ToString(),9}  ";
        output.WriteLine(line + (step.IsFailed ? paint.Failed(Safe(Cut(step.Detail, 300))) : Safe(Cut(step.Detail, 300))));
    }

    public override void Ended(HttpHop hop)
    {
        base.Ended(hop);
        if (hop.Sent.Length > 0)
            Print("Request", hop.Sent, HttpMessageKind.Request, "");
        if (hop.Received.Length == 0)
            return;
        var anatomy = Print("Response", hop.Received, hop.ResponseKind, hop.Status == 0 ? "" : $": {hop.Status}. {HttpStatus.Explain(hop.Status)}");
        PrintBody(hop, anatomy);
        if (HttpStatus.IsRedirect(hop.Status) && hop.Location is not null)
            output.WriteLine($"{paint.Now("Redirect")} to {Safe(Cut(hop.Location, 500))}");
    }

    private HttpAnatomy Print(string what, HttpTape tape, HttpMessageKind kind, string more)
    {
        byte[] bytes = tape.ToArray();
        var anatomy = HttpAnatomy.Of(bytes, kind);
        output.WriteLine();
        output.WriteLine(paint.Now(string.Create(CultureInfo.InvariantCulture, $"{what}, {tape.Length:N0} bytes")) + more);
        int printed = 0;
        for (int at = 0; at < anatomy.Marks.Count && printed < MostMarks; at++)
        {
            var mark = anatomy.Marks[at];
            if (mark.IsWithin)
                continue;
            printed++;
            string label = mark.Part is HttpPart.Field or HttpPart.Trailer && at + 1 < anatomy.Marks.Count && anatomy.Marks[at + 1].Part is HttpPart.FieldName or HttpPart.TrailerName
                ? Encoding.Latin1.GetString(anatomy.Marks[at + 1].Of(bytes)) : mark.Part.Name();
            Dump(Safe(label), mark, bytes);
        }

        if (printed == MostMarks)
            output.WriteLine(paint.Faint("  … and further parts."));
        if (tape.Length > bytes.Length)
            output.WriteLine(paint.Faint(string.Create(CultureInfo.InvariantCulture, $"  … {tape.Length - bytes.Length:N0} bytes more, which were counted and not kept.")));
        return anatomy;
    }

    private void Dump(string label, HttpMark mark, byte[] bytes)
    {
        int length = mark.Part is HttpPart.Body or HttpPart.ChunkData or HttpPart.Rest or HttpPart.Malformed ? Math.Min(mark.Length, MostOctets) : Math.Min(mark.Length, 8 * MostOctets);
        Span<char> text = stackalloc char[OctetsALine];
        for (int at = 0; at < length; at += OctetsALine)
        {
            var row = bytes.AsSpan(mark.Start + at, Math.Min(OctetsALine, length - at));
            string hex = string.Join(' ', row.ToArray().Select(octet => octet.ToString("x2", CultureInfo.InvariantCulture)));
            for (int place = 0; place < row.Length; place++)
                text[place] = row[place] is >= 0x20 and < 0x7F ? (char)row[place] : '.';
            string name = (at == 0 ? Cut(label, LabelColumns) : "").PadRight(LabelColumns);
            output.WriteLine($"{paint.Done(name)} {paint.Faint($"{mark.Start + at:x4}  {hex,-(3 * OctetsALine)}")} {text[..row.Length]}");
        }

        if (length < mark.Length)
            output.WriteLine(paint.Faint(string.Create(CultureInfo.InvariantCulture, $"{"",LabelColumns} … {mark.Length - length:N0} bytes more of it.")));
    }

    private void PrintBody(HttpHop hop, HttpAnatomy anatomy)
    {
        if (hop.Body.Length == 0)
            return;
        byte[] body = hop.Body.ToArray();
        string undone = (anatomy.Framing == HttpFraming.Chunked, hop.Encoding.Length > 0) switch
        {
            (true, true) => $", without its chunks and {hop.Encoding}",
            (true, false) => ", without its chunks",
            (false, true) => $", without {hop.Encoding}",
            _ => "",
        };
        output.WriteLine();
        output.WriteLine(paint.Now(string.Create(CultureInfo.InvariantCulture, $"Body{Safe(undone)}, {hop.Body.Length:N0} bytes")));
        var part = body.AsSpan(0, Math.Min(body.Length, MostText));
        if (part.Contains((byte)0))
        {
            Dump("", new HttpMark(HttpPart.Body, 0, body.Length), body);
            return;
        }

        foreach (string line in Encoding.UTF8.GetString(part).TrimEnd('\n').Split('\n'))
            output.WriteLine($"  {Safe(line.TrimEnd('\r'))}");
        if (hop.Body.Length > part.Length)
            output.WriteLine(paint.Faint(string.Create(CultureInfo.InvariantCulture, $"  … {hop.Body.Length - part.Length:N0} bytes more; -o FILE writes them all.")));
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : $"{text[..(most - 1)]}…";

    // Neither a control character nor one that turns the order of the text round reaches the terminal.
    private static string Safe(string text)
    {
        var safe = new StringBuilder(text.Length);
        Span<char> form = stackalloc char[VisibleText.MaximumLength];
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                safe.Append(form[..VisibleText.Format(rune, CharacterSet.Unicode, form)]);
            else
                safe.Append(rune.ToString());
        }

        return safe.ToString();
    }
}
