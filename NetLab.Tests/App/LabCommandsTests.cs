using NetLab.Core.Peers;
using NetLab.Tui.App;

namespace NetLab.Tests.App;

public class LabCommandsTests
{
    [Theory]
    [InlineData("serve echo", "netlab serve echo")]
    [InlineData(" serve echo -p 9000 ", "netlab serve echo -p 9000")]
    [InlineData("netlab connect ::1 80 --send 'a b'", "netlab connect ::1 80 --send 'a b'")]
    [InlineData("framed client 127.0.0.1", "netlab framed client 127.0.0.1")]
    public void What_starts_a_peer_outside_starts_it_here(string text, string line)
    {
        Assert.Equal(LabCommand.Start, LabCommands.Read(text, out var specification));
        Assert.Equal(line, specification!.ToString());
        Assert.Null(LabCommands.Check(text));
    }

    [Theory]
    [InlineData("new", "New")]
    [InlineData("stop", "Stop")]
    [InlineData("stop all", "StopAll")]
    [InlineData("run hello", "Run")]
    [InlineData("quit", "Quit")]
    public void Words_are_commands(string text, string command) => Assert.Equal(command, $"{LabCommands.Read(text, out _)}");

    [Theory]
    [InlineData("", "serve · connect")]
    [InlineData("st", "stop · stop all")]
    [InlineData("serve d", "discard")]
    [InlineData("serve q", "no server")]
    [InlineData("run fo", "four-tuple")]
    [InlineData("run nobody", "no experiment")]
    [InlineData("zz", "no command")]
    [InlineData("serve echo -p x", "number")]
    [InlineData("connect 127.0.0.1", "port")]
    public void What_is_not_one_yet_says_how_it_could_go_on(string text, string said)
    {
        Assert.Null(LabCommands.Read(text, out _));
        Assert.Contains(said, LabCommands.Check(text)!.Value.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_server_can_be_named() =>
        Assert.All(PeerKinds.All.Where(facts => facts.Role == PeerRole.Server), facts => Assert.Equal(LabCommand.Start, LabCommands.Read($"serve {facts.Name}", out _)));
}
