namespace NetLab.Tests.EndToEnd;

/// <summary><c>netlab completion</c>, read by bash itself.</summary>
[Collection(EndToEndCollection.Name)]
public class CompletionTests
{
    // As readline does it: the words up to the cursor, and where they stand in the line.
    private const string Complete = """
        source <("$1" completion bash)
        COMP_LINE=$2 COMP_POINT=${#2}
        read -ra COMP_WORDS <<<"$2"
        [[ $2 == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _netlab "$1"
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    [Theory]
    [InlineData("netlab soc", "sockets")]
    [InlineData("netlab run http-", "http-chunked http-get http-keep-alive http-pipelining")]
    [InlineData("netlab check half", "half-open")]
    [InlineData("netlab serve ec", "echo")]
    [InlineData("netlab io ep", "epoll")]
    [InlineData("netlab io --arrivals b", "burst")]
    [InlineData("netlab trace --p", "--pid --port")]
    [InlineData("netlab completion ", "bash fish zsh")]
    public void Bash_completes_what_begins_with_what_was_typed(string line, string words)
    {
        var run = RunningProgram.Start(["bash", "-c", Complete, "bash", PrivateNetwork.Program, line]).WaitForEnd();
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(words.Split(' '), run.Lines.Where(word => !word.StartsWith('-') || words.StartsWith('-')).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_shell_has_its_own_and_another_is_refused_in_one_line()
    {
        foreach (string shell in new[] { "bash", "zsh", "fish" })
            Assert.Contains($"netlab completion {shell}", Run("completion", shell).Output, StringComparison.Ordinal);
        var run = Run("completion", "tcsh");
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("tcsh", run.OnlyError, StringComparison.Ordinal);
    }

    private static Ended Run(params string[] arguments) => RunningProgram.Start([PrivateNetwork.Program, .. arguments]).WaitForEnd();
}
