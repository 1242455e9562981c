using NetLab.Core.Tcp;

namespace NetLab.Tests.Tcp;

public class TransitionTableTests
{
    [Fact]
    public void The_figure_has_its_twenty_one_arrows_each_once()
    {
        var drawn = TransitionTable.All.ToArray().Where(edge => edge.Origin == TransitionOrigin.Figure).ToList();
        Assert.Equal(21, drawn.Count);
        Assert.Equal(21, drawn.Select(edge => (edge.From, edge.To)).Distinct().Count());
    }

    [Theory]
    [InlineData("CLOSED LISTEN CLOSED")]
    [InlineData("SYN_RCVD ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT CLOSED")]
    [InlineData("CLOSED SYN_SENT ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED")]
    [InlineData("SYN_SENT SYN_RCVD ESTABLISHED FIN_WAIT_1 CLOSING TIME_WAIT")]
    [InlineData("FIN_WAIT_1 TIME_WAIT")]
    [InlineData("SYN_SENT CLOSED")]
    [InlineData("ESTABLISHED CLOSED")]
    public void Paths_of_the_RFC_are_legal(string path) => Assert.True(TransitionTable.IsLegal(Parse(path)));

    [Theory]
    [InlineData("LISTEN ESTABLISHED")]
    [InlineData("FIN_WAIT_2 CLOSE_WAIT")]
    [InlineData("CLOSE_WAIT FIN_WAIT_1")]
    [InlineData("TIME_WAIT ESTABLISHED")]
    [InlineData("CLOSED ESTABLISHED")]
    [InlineData("LAST_ACK TIME_WAIT")]
    public void Other_paths_are_not(string path) => Assert.False(TransitionTable.IsLegal(Parse(path)));

    [Fact]
    public void The_arrow_drawn_names_an_edge_that_the_text_knows_too()
    {
        Assert.True(TransitionTable.TryFind(TcpState.SynSent, TcpState.Closed, out var edge));
        Assert.Equal("close / delete TCB", edge.Label);
        Assert.True(TransitionTable.TryFind(TcpState.FinWait2, TcpState.TimeWait, out edge));
        Assert.Equal("rcv FIN / snd ACK", edge.Label);
        Assert.False(TransitionTable.TryFind((TcpState)200, TcpState.Closed, out _));
    }

    private static TcpState[] Parse(string path) => [.. path.Split(' ').Select(name =>
    {
        Assert.True(TcpStateNames.TryParse(name, out var state));
        return state;
    })];
}
