namespace NetLab.Core.Http;

/// <summary>The marks of all that went one way on a connection: interim responses, the message itself, and what came behind it.</summary>
/// <param name="Marks">Side by side, each followed by those within it.</param>
/// <param name="Kind">Which way it went.</param>
/// <param name="Framing">By what the last message's body ends.</param>
/// <param name="IsWhole">Whether the last message is there to its end.</param>
/// <param name="StatusCode">The last response's status; 0 where there is none.</param>
/// <param name="ContentLength">What the last message's Content-Length says; -1 where nothing.</param>
public sealed record HttpAnatomy(IReadOnlyList<HttpMark> Marks, HttpMessageKind Kind, HttpFraming Framing, bool IsWhole, int StatusCode, long ContentLength)
{
    /// <summary>Takes bytes apart.</summary>
    /// <param name="bytes">What went one way, from its beginning.</param>
    /// <param name="kind">Which messages they are.</param>
    public static HttpAnatomy Of(ReadOnlySpan<byte> bytes, HttpMessageKind kind)
    {
        var marks = new List<HttpMark>();
        int start = 0;
        while (true)
        {
            var reader = new HttpMessageReader(bytes[start..], kind);
            while (reader.Read(out var mark))
                marks.Add(mark with { Start = start + mark.Start });
            start += reader.Position;
            // 100 Continue and its like are not the answer; 101 is the last that HTTP says here (RFC 9110 section 15.2).
            bool isInterim = reader.IsWhole && reader.StatusCode is >= 100 and < 200 and not 101;
            if (isInterim && start < bytes.Length)
                continue;
            if (start < bytes.Length)
                marks.Add(new HttpMark(HttpPart.Rest, start, bytes.Length - start));
            return new HttpAnatomy(marks, kind, reader.Framing, reader.IsWhole && !isInterim, reader.StatusCode, reader.ContentLength);
        }
    }

    /// <summary>The bytes of the body as they would be without chunks, as far as they are there.</summary>
    public byte[] BodyOf(ReadOnlySpan<byte> bytes)
    {
        int length = Marks.Where(IsOfBody).Sum(mark => mark.Length);
        byte[] body = new byte[length];
        int at = 0;
        foreach (var mark in Marks.Where(IsOfBody))
        {
            mark.Of(bytes).CopyTo(body.AsSpan(at));
            at += mark.Length;
        }

        return body;
    }

    /// <summary>The value of the first field with this name; null where there is none.</summary>
    public string? Field(ReadOnlySpan<byte> bytes, string name)
    {
        for (int at = 0; at + 1 < Marks.Count; at++)
        {
            if (Marks[at].Part == HttpPart.FieldName && Latin(Marks[at].Of(bytes)).Equals(name, StringComparison.OrdinalIgnoreCase))
                return Marks[at + 1].Part == HttpPart.FieldValue ? Latin(Marks[at + 1].Of(bytes)) : "";
        }

        return null;
    }

    private static bool IsOfBody(HttpMark mark) => mark.Part is HttpPart.Body or HttpPart.ChunkData;

    private static string Latin(ReadOnlySpan<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes);
}
