using System.Text;
using NetLab.Core.Peers;

namespace NetLab.Tests.Peers;

public class HttpAnswerTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", AnswerProgress.Whole, 200)]
    [InlineData("HTTP/1.1 404 Not Found\r\ncontent-length:0\r\nX: y\r\n\r\n", AnswerProgress.Whole, 404)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", AnswerProgress.Whole, 304)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", AnswerProgress.Whole, 204)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi", AnswerProgress.WholeAndLast, 200)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", AnswerProgress.WholeAndLast, 200)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nhi", AnswerProgress.Whole, 200)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 500 Oh\r\nContent-Length: 1\r\n\r\n!", AnswerProgress.Whole, 500)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n", AnswerProgress.Whole, 200)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", AnswerProgress.Whole, 200)]
    public void An_answer_ends_at_its_last_byte_however_it_comes(string answer, AnswerProgress end, int status)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(answer);
        for (int first = 1; first < bytes.Length; first++)
        {
            var reader = new HttpAnswer();
            reader.Begin();
            Assert.Equal(AnswerProgress.More, reader.Take(bytes.AsSpan(0, first)));
            Assert.False(reader.IsWholeAtEnd);
            Assert.Equal(end, reader.Take(bytes.AsSpan(first)));
            Assert.Equal(status, reader.Status);
        }

        var slow = new HttpAnswer();
        // Twice: what is left of the first answer must not reach into the second.
        for (int turn = 0; turn < 2; turn++)
        {
            slow.Begin();
            for (int at = 0; at < bytes.Length; at++)
                Assert.Equal(at == bytes.Length - 1 ? end : AnswerProgress.More, slow.Take(bytes.AsSpan(at, 1)));
        }
    }

    [Fact]
    public void Without_length_and_chunks_the_answer_ends_when_the_server_closes()
    {
        var reader = new HttpAnswer();
        reader.Begin();
        Assert.Equal(AnswerProgress.More, reader.Take("HTTP/1.1 200 OK\r\n\r\nwhatever"u8));
        Assert.True(reader.IsWholeAtEnd);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n")]
    [InlineData("something else")]
    [InlineData("HTTP/2 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 20x OK\r\n\r\n")]
    [InlineData("HTTP/1.1 099 No\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi more")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFF\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nmore")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\naXX")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n")]
    public void What_is_no_answer_is_called_wrong(string answer)
    {
        var reader = new HttpAnswer();
        reader.Begin();
        Assert.Equal(AnswerProgress.Wrong, reader.Take(Encoding.ASCII.GetBytes(answer)));
    }

    [Fact]
    public void A_head_without_end_is_given_up()
    {
        var reader = new HttpAnswer();
        reader.Begin();
        Assert.Equal(AnswerProgress.More, reader.Take("HTTP/1.1 200 OK\r\n"u8));
        byte[] line = Encoding.ASCII.GetBytes($"X: {new string('y', 1000)}\r\n");
        int lines = 0;
        while (reader.Take(line) == AnswerProgress.More)
            Assert.True(++lines < 100);
        Assert.InRange(lines, 60, 70);
    }

    [Fact]
    public void Random_bytes_are_never_more_than_wrong()
    {
        for (int seed = 1; seed <= 2000; seed++)
        {
            var random = new Random(seed);
            var reader = new HttpAnswer();
            reader.Begin();
            byte[] bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            if (seed % 2 == 0)
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8[..Math.Min(47, bytes.Length)].CopyTo(bytes);
            for (int at = 0; at < bytes.Length;)
            {
                int count = random.Next(1, bytes.Length - at + 1);
                if (reader.Take(bytes.AsSpan(at, count)) != AnswerProgress.More)
                    break;
                at += count;
            }
        }
    }
}
