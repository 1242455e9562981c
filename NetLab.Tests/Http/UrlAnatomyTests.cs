using NetLab.Core.Http;

namespace NetLab.Tests.Http;

/// <summary>URLs taken apart.</summary>
public class UrlAnatomyTests
{
    [Fact]
    public void Every_piece_has_its_name_its_place_and_its_text()
    {
        const string Text = "HTTP://ann:p%40ss@www.example.com:8080/a/b%20c;v=1?q=x+y&z=%C3%BC#top";
        var url = Read(Text);
        Assert.Equal(
            ["Scheme|HTTP|http|http", "User|ann|ann|ann", "Password|p%40ss|p%40ss|p@ss", "Host|www.example.com|www.example.com|www.example.com", "Port|8080|8080|8080",
                "Path|/a/b%20c|/a/b%20c|/a/b c", "Parameters|v=1|v=1|v=1", "Query|q=x+y&z=%C3%BC|q=x+y&z=%C3%BC|q=x+y&z=ü", "QueryParameter|q=x+y|q=x+y|q=x y",
                "QueryParameter|z=%C3%BC|z=%C3%BC|z=ü", "Fragment|top|top|top"],
            url.Pieces.Select(piece => $"{piece.Part}|{piece.Text}|{piece.Sent}|{piece.Meaning}"));
        Assert.All(url.Pieces, piece => Assert.Equal(piece.Text, Text[piece.Range]));
        Assert.All(url.Pieces, piece => Assert.NotEmpty(piece.Purpose));
        Assert.Equal("/a/b%20c;v=1?q=x+y&z=%C3%BC", url.Target);
        Assert.Equal("http://www.example.com:8080/a/b%20c;v=1?q=x+y&z=%C3%BC", url.Sent);
    }

    [Theory]
    [InlineData("localhost", "http", "localhost", 80, "/")]
    [InlineData("localhost:8000", "http", "localhost", 8000, "/")]
    [InlineData("https://example.com?q", "https", "example.com", 443, "/?q")]
    [InlineData("http://[::1]:81/x", "http", "::1", 81, "/x")]
    [InlineData("http://127.0.0.1:/", "http", "127.0.0.1", 80, "/")]
    [InlineData("http://a/b/../c//d", "http", "a", 80, "/b/../c//d")]
    [InlineData("http://a/b;c/d", "http", "a", 80, "/b;c/d")]
    [InlineData("http://a;b/", null, null, 0, null)]
    [InlineData("http://u@h@x/", "http", "x", 80, "/")]
    [InlineData("a/?u=http://b", "http", "a", 80, "/?u=http://b")]
    public void What_is_not_typed_has_its_default(string text, string? scheme, string? host, int port, string? target)
    {
        var url = UrlAnatomy.TryRead(text, out string mistake);
        Assert.Equal((scheme, host, port, target), (url?.Scheme, url?.Host, url?.Port ?? 0, url?.Target));
        Assert.Equal(url is null, mistake.Length > 0);
    }

    [Theory]
    [InlineData("http://bücher.example/", "xn--bcher-kva.example", "bücher.example")]
    [InlineData("http://BÜCHER.example/", "xn--bcher-kva.example", "bücher.example")]
    [InlineData("http://b%C3%BCcher.example/", "xn--bcher-kva.example", "bücher.example")]
    [InlineData("http://xn--bcher-kva.example/", "xn--bcher-kva.example", "bücher.example")]
    [InlineData("http://例え.テスト/", "xn--r8jz45g.xn--zckzah", "例え.テスト")]
    [InlineData("http://example.com./", "example.com.", "example.com.")]
    public void International_names_are_punycode_for_DNS(string text, string sent, string meaning)
    {
        var host = Read(text).Find(UrlPart.Host)!;
        Assert.Equal((sent, meaning), (host.Sent, host.Meaning));
    }

    [Theory]
    [InlineData("http://a/ü b\u0001\"<>", "/%C3%BC%20b%01%22%3C%3E")]
    [InlineData("http://a/100%", "/100%25")]
    [InlineData("http://a/%zz%4", "/%25zz%254")]
    [InlineData("http://a/x\r\nHost: b", "/x%0D%0AHost:%20b")]
    [InlineData("http://a/?a b=[c]", "/?a%20b=%5Bc%5D")]
    public void What_may_not_go_over_the_network_is_percent_encoded(string text, string target) => Assert.Equal(target, Read(text).Target);

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() => Assert.Equal("/%EF%BF%BDx", Read("http://a/\ud800x").Target);

    [Theory]
    [InlineData("")]
    [InlineData("http://")]
    [InlineData("http:///x")]
    [InlineData("://x")]
    [InlineData("1http://x")]
    [InlineData("http://a:0/")]
    [InlineData("http://a:65536/")]
    [InlineData("http://a:8x/")]
    [InlineData("http://::1/")]
    [InlineData("http://[::1/")]
    [InlineData("http://[::1]x/")]
    [InlineData("http://[gg]/")]
    [InlineData("http://a b/")]
    [InlineData("http://a%00b/")]
    [InlineData("http://a..b/")]
    [InlineData("http://a\r\nb/")]
    public void What_is_no_URL_is_refused_with_a_sentence(string text)
    {
        Assert.Null(UrlAnatomy.TryRead(text, out string mistake));
        Assert.EndsWith(".", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_typed_the_pieces_stand_where_they_say_and_nothing_but_ASCII_is_sent()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        string[] bits = ["http", "://", "https", "a", "b.c", "@", ":", "80", "/", "?", "#", ";", "&", "=", "%", "%41", "%C3", "ü", "例", "[", "]", "::1", " ", "\n", "\0", "\ud83d\ude00", "\udc00", "+", ".", ".."];
        int read = 0;
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => bits[random.Next(bits.Length)]));
            if (random.Next(2) == 0)
                text = "http://h/" + text;
            if (UrlAnatomy.TryRead(text, out string mistake) is not { } url)
            {
                Assert.True(mistake.Length > 0, $"seed {seed}: {text}");
                continue;
            }

            read++;
            Assert.All(url.Pieces.Where(piece => piece.IsTyped), piece => Assert.Equal(piece.Text, text[piece.Range]));
            Assert.True(url.Sent.All(one => one is > ' ' and < '\x7f'), $"seed {seed}: {text} → {url.Sent}");
            Assert.True(Uri.TryCreate(url.Sent, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }, out var uri), $"seed {seed}: {text} → {url.Sent}");
            if (url.Scheme is "http" or "https")
                Assert.Equal(url.Target, uri!.PathAndQuery);
        }

        Assert.True(read > 1000);
    }

    private static UrlAnatomy Read(string text)
    {
        var url = UrlAnatomy.TryRead(text, out string mistake);
        Assert.Equal("", mistake);
        return url!;
    }
}
