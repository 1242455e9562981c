using NetLab.Core.Peers;

namespace NetLab.Tests.Peers;

public class PeerTextTests
{
    [Fact]
    public void Escapes_stand_for_bytes()
    {
        Assert.True(PeerText.TryRead(@"GET ü\r\n\t\0\\\xff", out byte[] bytes, out _));
        Assert.Equal([.. "GET ü\r\n\t\0\\"u8, 0xFF], bytes);
    }

    [Theory]
    [InlineData(@"a\")]
    [InlineData(@"\q")]
    [InlineData(@"\x1")]
    [InlineData(@"\x+1")]
    public void What_means_nothing_is_told(string text)
    {
        Assert.False(PeerText.TryRead(text, out _, out string mistake));
        Assert.EndsWith(@"means nothing: \r, \n, \t, \0, \\ and \xHH do.", mistake, StringComparison.Ordinal);
    }
}
