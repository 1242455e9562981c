using System.Text;
using System.Text.Json;
using NetLab.Core.Http;
using NetLab.Core.Peers;

namespace NetLab.Tui.Commands;

/// <summary>A request as JSON: the URL, each step as it is over, and what went both ways.</summary>
internal sealed class HttpJsonPrinter(TextWriter output) : HttpRunPrinter
{
    public override void Began(HttpHop hop)
    {
        base.Began(hop);
        output.WriteLine(JsonLine.Write(json =>
        {
            Head(json, "httpUrl", hop.Begun);
            json.WriteString("url", hop.Url.Sent);
            json.WriteStartArray("pieces");
            foreach (var piece in hop.Url.Pieces)
            {
                json.WriteStartObject();
                json.WriteString("part", piece.Name);
                json.WriteString("text", piece.Text);
                json.WriteString("sent", piece.Sent);
                json.WriteString("meaning", piece.Meaning);
                var (start, length) = piece.Range.GetOffsetAndLength(hop.Url.Text.Length);
                json.WriteNumber("start", start);
                json.WriteNumber("length", length);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }));
    }

    public override void Stepped(HttpHop hop, HttpStep step) => output.WriteLine(JsonLine.Write(json =>
    {
        Head(json, "httpStep", step.Begun);
        json.WriteString("phase", step.Phase.ToString().ToLowerInvariant());
        json.WriteNumber("duration", step.Took.Seconds);
        json.WriteBoolean("failed", step.IsFailed);
        json.WriteString("detail", step.Detail);
    }));

    public override void Ended(HttpHop hop)
    {
        base.Ended(hop);
        output.WriteLine(JsonLine.Write(json =>
        {
            Head(json, "http", hop.Begun);
            json.WriteString("method", hop.Method);
            json.WriteString("url", hop.Url.Sent);
            if (!hop.Tuple.IsUnknown)
            {
                json.WriteString("local", hop.Tuple.Local.ToString());
                json.WriteString("remote", hop.Tuple.Remote.ToString());
            }

            if (hop.Status != 0)
            {
                json.WriteNumber("status", hop.Status);
                json.WriteString("explanation", HttpStatus.Explain(hop.Status));
            }

            Message(json, "request", hop.Sent, HttpMessageKind.Request);
            Message(json, "response", hop.Received, hop.ResponseKind);
            json.WriteStartObject("body");
            json.WriteNumber("length", hop.Body.Length);
            json.WriteString("encoding", hop.Encoding);
            json.WriteBase64String("base64", hop.Body.ToArray());
            json.WriteEndObject();
            if (hop.Location is not null)
                json.WriteString("location", hop.Location);
            if (hop.Failure is not null)
                json.WriteString("failure", hop.Failure);
        }));
    }

    private void Head(Utf8JsonWriter json, string kind, Core.Timestamp time)
    {
        json.WriteString("time", time.ToString());
        json.WriteString("kind", kind);
        json.WriteString("provenance", "observed");
        json.WriteNumber("hop", Hops);
    }

    private static void Message(Utf8JsonWriter json, string name, HttpTape tape, HttpMessageKind kind)
    {
        byte[] bytes = tape.ToArray();
        var anatomy = HttpAnatomy.Of(bytes, kind);
        json.WriteStartObject(name);
        json.WriteNumber("length", tape.Length);
        json.WriteNumber("kept", bytes.Length);
        json.WriteString("framing", anatomy.Framing.ToString().ToLowerInvariant());
        json.WriteBoolean("whole", anatomy.IsWhole);
        json.WriteBase64String("base64", bytes);
        json.WriteStartArray("marks");
        foreach (var mark in anatomy.Marks)
        {
            json.WriteStartObject();
            json.WriteString("part", mark.Part.ToString());
            json.WriteNumber("start", mark.Start);
            json.WriteNumber("length", mark.Length);
            // The body is in the bytes; once is enough.
            if (mark.Part is not (HttpPart.Body or HttpPart.ChunkData or HttpPart.Rest or HttpPart.Malformed))
                json.WriteString("text", Encoding.Latin1.GetString(mark.Of(bytes)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
