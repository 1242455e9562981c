using System.Text;
using NetLab.Core.Http;

namespace NetLab.Tests.Http;

/// <summary>HTTP/1.x messages taken apart.</summary>
public class HttpMessageReaderTests
{
    [Fact]
    public void A_request_is_its_line_its_fields_and_the_empty_line()
    {
        Assert.Equal(
            ["RequestLine:GET /a?b HTTP/1.1\r\n", "Method:GET", "Target:/a?b", "Version:HTTP/1.1", "Field:Host: x\r\n", "FieldName:Host", "FieldValue:x",
                "Field:Empty: \r\n", "FieldName:Empty", "EmptyLine:\r\n"],
            Marks("GET /a?b HTTP/1.1\r\nHost: x\r\nEmpty: \r\n\r\n", HttpMessageKind.Request));
    }

    [Fact]
    public void A_response_is_its_status_its_fields_and_as_much_body_as_Content_Length_says()
    {
        const string Text = "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1";
        Assert.Equal(
            ["StatusLine:HTTP/1.1 404 Not Found\r\n", "Version:HTTP/1.1", "Status:404", "Reason:Not Found", "Field:Content-Length: 3\r\n",
                "FieldName:Content-Length", "FieldValue:3", "EmptyLine:\r\n", "Body:abc", "Rest:HTTP/1.1"],
            Marks(Text, HttpMessageKind.Response));
        var anatomy = HttpAnatomy.Of(Encoding.ASCII.GetBytes(Text), HttpMessageKind.Response);
        Assert.Equal((404, 3, HttpFraming.Length, true), (anatomy.StatusCode, anatomy.ContentLength, anatomy.Framing, anatomy.IsWhole));
    }

    [Fact]
    public void Chunks_have_a_size_an_extension_data_and_an_end_and_trailers_follow_them()
    {
        const string Text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n4;a=b\r\nWiki\r\n00\r\nMd5: x\r\n\r\n";
        Assert.Equal(
            ["ChunkLine:4;a=b\r\n", "ChunkSize:4", "ChunkExtension:a=b", "ChunkData:Wiki", "ChunkEnd:\r\n", "ChunkLine:00\r\n", "ChunkSize:00",
                "Trailer:Md5: x\r\n", "TrailerName:Md5", "TrailerValue:x", "TrailerEnd:\r\n"],
            Marks(Text, HttpMessageKind.Response).Skip(8));
        var anatomy = HttpAnatomy.Of(Encoding.ASCII.GetBytes(Text), HttpMessageKind.Response);
        Assert.True(anatomy.IsWhole);
        Assert.Equal("Wiki", Encoding.ASCII.GetString(anatomy.BodyOf(Encoding.ASCII.GetBytes(Text))));
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", HttpMessageKind.Response)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", HttpMessageKind.Response)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", HttpMessageKind.ResponseToHead)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", HttpMessageKind.ResponseToHead)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", HttpMessageKind.Request)]
    public void What_has_no_body_is_whole_at_its_empty_line(string text, HttpMessageKind kind)
    {
        var anatomy = HttpAnatomy.Of(Encoding.ASCII.GetBytes(text + "rest"), kind);
        Assert.Equal((HttpFraming.None, true), (anatomy.Framing, anatomy.IsWhole));
        Assert.Equal(new HttpMark(HttpPart.Rest, text.Length, 4), anatomy.Marks[^1]);
    }

    [Theory]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3, 4\r\n\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 1\r\n\r\nabc")]
    public void A_response_of_no_known_length_goes_on_until_the_connection_closes(string text)
    {
        var anatomy = HttpAnatomy.Of(Encoding.ASCII.GetBytes(text), HttpMessageKind.Response);
        Assert.Equal((HttpFraming.Close, false), (anatomy.Framing, anatomy.IsWhole));
        Assert.Equal("abc", Encoding.ASCII.GetString(anatomy.BodyOf(Encoding.ASCII.GetBytes(text))));
    }

    [Fact]
    public void An_interim_response_goes_before_the_response()
    {
        var text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"u8;
        var anatomy = HttpAnatomy.Of(text, HttpMessageKind.Response);
        Assert.Equal((201, true), (anatomy.StatusCode, anatomy.IsWhole));
        Assert.Equal(2, anatomy.Marks.Count(mark => mark.Part == HttpPart.StatusLine));
        Assert.False(HttpAnatomy.Of(text[..25], HttpMessageKind.Response).IsWhole);
    }

    [Fact]
    public void Lines_may_end_with_a_bare_LF_and_fields_may_be_folded()
    {
        Assert.Equal(
            ["StatusLine:HTTP/1.1 200\n", "Version:HTTP/1.1", "Status:200", "Field:A: b\n", "FieldName:A", "FieldValue:b", "Field: \tc\n", "FieldValue:c", "EmptyLine:\n"],
            Marks("HTTP/1.1 200\nA: b\n \tc\n\n", HttpMessageKind.Response));
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n", HttpMessageKind.Response)]
    [InlineData("HTTP/1.1 OK\r\n", HttpMessageKind.Response)]
    [InlineData("HTTP/1.1 99 OK\r\n\r\n", HttpMessageKind.Response)]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", HttpMessageKind.Response)]
    [InlineData("HTT\r\n", HttpMessageKind.Response)]
    [InlineData("\r\n", HttpMessageKind.Response)]
    [InlineData("\x16\x03\x01\r\n", HttpMessageKind.Request)]
    public void What_is_no_HTTP_is_called_malformed(string text, HttpMessageKind kind) =>
        Assert.Equal(HttpPart.Malformed, HttpAnatomy.Of(Encoding.Latin1.GetBytes(text), kind).Marks[0].Part);

    [Theory]
    [InlineData("xyz\r\n")]
    [InlineData("\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("fffffffffffffffff\r\n")]
    [InlineData("2\r\nabc\r\n")]
    public void A_chunk_that_is_none_ends_what_can_be_read(string chunk)
    {
        string text = $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}0\r\n\r\n";
        var anatomy = HttpAnatomy.Of(Encoding.ASCII.GetBytes(text), HttpMessageKind.Response);
        Assert.Equal(HttpPart.Malformed, anatomy.Marks[^1].Part);
        Assert.False(anatomy.IsWhole);
    }

    [Fact]
    public void Marks_lie_side_by_side_and_leave_no_byte_out_whatever_comes()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        string[] pieces =
        [
            "HTTP/1.1 200 OK", "\r\n", "\n", "\r", "GET / HTTP/1.1", "Content-Length: 4", "Transfer-Encoding: chunked", ": ", " ", "\t", "5", ";x", "abcde",
            "0", "\0", "\xff", "\x1b[31m", "HTTP/1.1 100 Continue\r\n\r\n", "Content-Length: 9999999999",
        ];
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (random.Next(2) == 0)
                text = $"{(random.Next(2) == 0 ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked" : "POST / HTTP/1.1\r\nContent-Length: 4")}\r\n\r\n{text}";
            AssertTiled(Encoding.Latin1.GetBytes(text), (HttpMessageKind)random.Next(3), $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void A_body_in_chunks_is_the_body_and_each_beginning_of_it_is_read_as_the_beginning()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 200; round++)
        {
            byte[] body = new byte[random.Next(200)];
            random.NextBytes(body);
            var message = new List<byte>();
            message.AddRange("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8);
            for (int at = 0; at < body.Length;)
            {
                int size = random.Next(1, body.Length - at + 1);
                message.AddRange(Encoding.ASCII.GetBytes(random.Next(2) == 0 ? $"{size:x}\r\n" : $"{size:X3};n=\"v\"\r\n"));
                message.AddRange(body.AsSpan(at, size));
                message.AddRange("\r\n"u8);
                at += size;
            }

            message.AddRange(random.Next(2) == 0 ? "0\r\n\r\n"u8 : "0\r\nT: v\r\n\r\n"u8);
            byte[] whole = [.. message];
            var anatomy = HttpAnatomy.Of(whole, HttpMessageKind.Response);
            Assert.True(anatomy.IsWhole, $"seed {seed}, round {round}");
            Assert.Equal(body, anatomy.BodyOf(whole));
            int cut = random.Next(whole.Length);
            AssertTiled(whole.AsSpan(0, cut), HttpMessageKind.Response, $"seed {seed}, round {round}, cut {cut}");
            var beginning = HttpAnatomy.Of(whole.AsSpan(0, cut), HttpMessageKind.Response);
            Assert.False(beginning.IsWhole, $"seed {seed}, round {round}, cut {cut}");
            Assert.DoesNotContain(beginning.Marks, mark => mark.Part is HttpPart.Malformed or HttpPart.Rest);
        }
    }

    [Fact]
    public void Reading_a_message_makes_no_garbage()
    {
        byte[] message = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nServer: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\n0\r\n\r\n");
        int marks = 0;
        Assert.Equal(0, Support.Allocation.Least(() =>
        {
            var reader = new HttpMessageReader(message, HttpMessageKind.Response);
            while (reader.Read(out _))
                marks++;
        }));
        Assert.True(marks > 0);
    }

    private static void AssertTiled(ReadOnlySpan<byte> bytes, HttpMessageKind kind, string where)
    {
        var anatomy = HttpAnatomy.Of(bytes, kind);
        int end = 0, inner = 0, outer = 0;
        foreach (var mark in anatomy.Marks)
        {
            if (mark.IsWithin)
            {
                Assert.True(mark.Start >= inner && mark.End <= end && mark.Start >= outer, where);
                inner = mark.End;
                continue;
            }

            Assert.True(mark.Start == end && mark.Length > 0, where);
            (outer, inner, end) = (mark.Start, mark.Start, mark.End);
        }

        Assert.True(end == bytes.Length, where);
    }

    private static IEnumerable<string> Marks(string text, HttpMessageKind kind)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        return HttpAnatomy.Of(bytes, kind).Marks.Select(mark => $"{mark.Part}:{Encoding.Latin1.GetString(mark.Of(bytes))}");
    }
}
