using NetLab.Core.Scripts;
using NetLab.Core.Tcp;
using NetLab.Core.Views;

namespace NetLab.Tests.Scripts;

public sealed class ExplanationTests
{
    private static readonly string[] s_capitals = ["ADDRESS", "BYTES", "BACKLOG", "COUNT", "VALUE", "OPTION", "DURATION", "TEXT", "NAME"];
    private static readonly SocketInUse s_socket = new("socket", true, false);

    [Fact]
    public void A_call_is_told_with_its_arguments_and_what_they_mean()
    {
        Assert.Contains("the local address 127.0.0.1:8000:", Of("bind 127.0.0.1:8000").Text, StringComparison.Ordinal);
        Assert.Contains("read: SHUT_RD", Of("shutdown read").Text, StringComparison.Ordinal);
        Assert.DoesNotContain("SHUT_WR", Of("shutdown read").Text, StringComparison.Ordinal);
        Assert.Contains("Sets nodelay to 1. TCP_NODELAY: Sends small segments at once", Of("setsockopt nodelay 1").Text, StringComparison.Ordinal);
        Assert.Contains("Copies \"x\" 3 times into", Of("send \"x\" times 3").Text, StringComparison.Ordinal);
        Assert.Contains("Copies \"x\" into", Of("send \"x\"").Text, StringComparison.Ordinal);
        Assert.Contains("The script expects ECONNREFUSED", Of("connect 127.0.0.1:1 expect error ECONNREFUSED").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_state_that_follows_is_that_of_RFC_9293()
    {
        Assert.Equal("a.socket: CLOSED → LISTEN (passive open / create TCB)", Of("listen 5").States);
        Assert.StartsWith("a.socket: CLOSED → SYN_SENT (active open / snd SYN); then ", Of("connect 127.0.0.1:1").States, StringComparison.Ordinal);
        Assert.Contains("rcv RST → CLOSED", Of("connect 127.0.0.1:1").States, StringComparison.Ordinal);
        Assert.StartsWith("a.socket: ESTABLISHED → FIN_WAIT_1 (close / snd FIN); then rcv ACK of FIN → FIN_WAIT_2", Of("close", TcpState.Established).States, StringComparison.Ordinal);
        Assert.Equal("a.socket: CLOSE_WAIT → LAST_ACK (close / snd FIN); then rcv ACK of FIN → CLOSED", Of("close", TcpState.CloseWait).States);
        Assert.Equal("a.socket: ESTABLISHED → CLOSED (abort / snd RST)", Of("close", TcpState.Established, s_socket with { Resets = true }).States);
        Assert.Equal("a.socket stays in ESTABLISHED", Of("shutdown read", TcpState.Established).States);
        Assert.Equal("", Of("close", TcpState.Closed, s_socket with { IsTcp = false }).States);
    }

    [Fact]
    public void Every_verb_says_more_of_its_example_than_its_capitals()
    {
        foreach (var verb in VerbTable.All.Where(verb => verb.Name != "end"))
        {
            string text = Of(verb.Example).Text;
            Assert.NotEmpty(text);
            Assert.DoesNotContain("[", text, StringComparison.Ordinal);
            Assert.All(s_capitals, word => Assert.DoesNotContain(word, text.Split(' ')));
            Assert.Contains(verb.Explains.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal), VerbTable.RenderMarkdown(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("listen 5", TcpState.Closed, QuestionKind.State, "LISTEN")]
    [InlineData("connect 127.0.0.1:1", TcpState.Closed, QuestionKind.State, "SYN_SENT")]
    [InlineData("close", TcpState.Established, QuestionKind.State, "FIN_WAIT_1")]
    [InlineData("close", TcpState.CloseWait, QuestionKind.State, "LAST_ACK")]
    [InlineData("sleep 1ms\nsleep 1ms\nclose", TcpState.CloseWait, QuestionKind.Flags, "FIN")]
    [InlineData("sleep 1ms\nsleep 1ms\nabort", TcpState.Established, QuestionKind.Flags, "RST")]
    [InlineData("recv 10", TcpState.Established, QuestionKind.Result, "sleeps first")]
    [InlineData("bind 127.0.0.1:1", TcpState.Closed, QuestionKind.Result, "EADDRINUSE")]
    public void What_is_asked_has_what_should_follow_among_its_choices_each_once(string steps, TcpState state, QuestionKind kind, string choice)
    {
        // The socket is step 0, so an even number of steps before it makes the step's own number odd.
        string before = steps.Contains('\n', StringComparison.Ordinal) ? "" : "sleep 1ms\n";
        var script = Script(before + steps);
        var question = Question.About(new StepContext(script, 0, script.Actors[0].Steps.Length - 1, 0) { Socket = s_socket }, state);
        Assert.NotNull(question);
        Assert.Equal(kind, question.Kind);
        Assert.Contains(choice, question.Choices);
        Assert.InRange(question.Choices.Count, 3, 4);
        Assert.Equal(question.Choices.Count, question.Choices.Distinct().Count());
    }

    private static Script Script(string steps) => ScriptParser.Parse($"actor a\nsocket inet stream\n{steps}{(steps.Contains("repeat", StringComparison.Ordinal) ? "\nend" : "")}\n"
        + "actor server\nsocket inet stream as listener\nclose\n", "x") is { Script: { } script } ? script : throw new InvalidOperationException(steps);

    private static Explanation Of(string step, TcpState state = TcpState.Closed, SocketInUse? socket = null)
    {
        // The example of close names the listener of a server.
        var script = step == "close listener" ? Script("sleep 1ms") : Script(step);
        return step == "close listener" ? Explanation.Of(new StepContext(script, 1, 1, 0) { Socket = s_socket }, state)
            : Explanation.Of(new StepContext(script, 0, 1, 0) { Socket = socket ?? s_socket }, state);
    }
}
