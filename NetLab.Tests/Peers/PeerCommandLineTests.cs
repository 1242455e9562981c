using NetLab.Core.Peers;

namespace NetLab.Tests.Peers;

public class PeerCommandLineTests
{
    [Theory]
    [InlineData("netlab serve hello")]
    [InlineData("netlab serve echo ::1 -p 9000")]
    [InlineData("netlab serve http 0.0.0.0 -p 8080 --root /srv/www")]
    [InlineData("netlab serve http --root 'my files'")]
    [InlineData(@"netlab serve http --root 'it'\''s'")]
    [InlineData("netlab serve udp-echo -p 0")]
    [InlineData("netlab serve dns --zone lab.zone --zone 'my zones/b.zone' --rate 20")]
    [InlineData("netlab connect localhost 8007")]
    [InlineData("netlab connect ::1 80 --send 'GET / HTTP/1.0'")]
    [InlineData("netlab framed client 127.0.0.1 -p 1061")]
    [InlineData("netlab load http://127.0.0.1:8000/")]
    [InlineData("netlab load 'http://[::1]:8000/a%20b?c=d' -c 50 -d 5 -n 1000 -r 200")]
    [InlineData("netlab load localhost 8007 -c 1 -s 65536")]
    public void What_is_printed_is_what_was_read(string line)
    {
        Assert.True(PeerCommandLine.TryParse(line, out var peer, out string mistake), mistake);
        Assert.Equal(line, peer.ToString());
    }

    [Theory]
    [InlineData("serve", "It begins with: serve KIND, connect, load, framed server or framed client.")]
    [InlineData("serve echo -p 70000", "A port is a number from 0 to 65535.")]
    [InlineData("serve echo -p", "After -p something is missing.")]
    [InlineData("serve echo --root .", "echo has no option --root.")]
    [InlineData("serve echo a b", "'b' is one word too many.")]
    [InlineData("serve http --root 'x", "A quotation mark is not closed.")]
    [InlineData("load ftp://127.0.0.1/", "Load goes to http:// only, not to ftp://.")]
    [InlineData("load http://127.0.0.1/ x", "'x' is one word too many.")]
    [InlineData("load http://127.0.0.1/ --send x", "http load has no option --send.")]
    public void A_mistake_is_a_sentence(string line, string sentence)
    {
        Assert.False(PeerCommandLine.TryParse(line, out _, out string mistake));
        Assert.Equal(sentence, mistake);
    }

    [Theory]
    [InlineData("load http://127.0.0.1:8000/ -c x", "The number of connections is from 1 to 10000.")]
    [InlineData("load http://127.0.0.1:8000/ -r 0", "The rate is from 1 to 1000000.")]
    [InlineData("load 127.0.0.1 8007 -d 4000", "The time in seconds is from 1 to 3600.")]
    [InlineData("load 127.0.0.1", null)]
    [InlineData("load http://192.0.2.1/", "From here a load goes to this machine only; 'netlab load … --yes-remote HOST' in a shell puts one on another.")]
    public void A_load_is_bounded(string line, string? sentence)
    {
        Assert.True(PeerCommandLine.TryParse(line, out var peer, out string mistake), mistake);
        Assert.Equal(sentence, peer.Mistake());
    }

    [Theory]
    [InlineData("127.0.0.1", null)]
    [InlineData("[::1]", null)]
    [InlineData("my-host.example", null)]
    [InlineData("", "A host is missing: an address such as 127.0.0.1, or a name.")]
    [InlineData("1.2.3", "The host is neither an address nor a name: letters, digits, '-' and '.'.")]
    [InlineData("a b", "The host is neither an address nor a name: letters, digits, '-' and '.'.")]
    public void A_host_is_checked_as_it_is_typed(string host, string? mistake) => Assert.Equal(mistake, new PeerSpecification(PeerKind.Echo, host, 1).Mistake());

    [Fact]
    public void A_folder_that_is_not_there_is_told() =>
        Assert.Equal("There is no folder '/nowhere/at/all'.", new PeerSpecification(PeerKind.Http) { Root = "/nowhere/at/all" }.Mistake());
}
