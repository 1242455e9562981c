using NetLab.Tests.Support;

namespace NetLab.Tests.EndToEnd;

/// <summary>What is wrong on the command line is told in one line, with exit code 2; no root is needed.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class UsageTests : IDisposable
{
    private readonly PrivateNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData("no-such-script", "run", "no-such-script")]
    [InlineData("no-such-script", "check", "hello", "no-such-script")]
    [InlineData("./no/such.lab", "run", "./no/such.lab")]
    [InlineData("frobnicate", "frobnicate")]
    [InlineData("--frobnicate", "run", "hello", "--frobnicate")]
    [InlineData("--frobnicate", "--frobnicate")]
    [InlineData("more", "run", "hello", "more")]
    [InlineData("run", "run")]
    [InlineData("Which script", "check")]
    [InlineData("--jobs", "check", "hello", "--jobs", "many")]
    [InlineData("/no/such/folder", "check", "hello", "--junit", "/no/such/folder/report.xml")]
    [InlineData("--columns", "picture", "hello", "--columns", "wide")]
    public void A_mistake_on_the_command_line_is_one_line_that_names_it(string named, params string[] arguments)
    {
        var run = Run(arguments);
        Assert.Equal(2, run.Code);
        Assert.Equal("", run.Output);
        Assert.StartsWith("netlab: ", run.OnlyError, StringComparison.Ordinal);
        Assert.Contains(named, run.OnlyError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("check")]
    public void A_mistake_in_a_script_names_file_line_and_column(string verb)
    {
        string script = _network.Write("mistake.lab", "actor a\n  sokket inet stream\n");
        var run = Run(verb, script);
        Assert.Equal(2, run.Code);
        Assert.Equal("", run.Output);
        Assert.StartsWith($"netlab: {script}:2:3: ", run.OnlyError, StringComparison.Ordinal);
        Assert.Contains("sokket", run.OnlyError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\e]0;title\a\e[2J")]
    [InlineData("run", "\e]0;title\a\e[2J")]
    [InlineData("run", "hello", "--\e[31m")]
    [InlineData("check", "a\r\nb\u009b31m")]
    public void Control_characters_in_arguments_are_never_written(params string[] arguments)
    {
        var run = Run(arguments);
        Assert.Equal(2, run.Code);
        Assert.DoesNotContain(run.Output + run.OnlyError, char.IsControl);
    }

    [Fact]
    public void Control_characters_in_a_script_are_never_written()
    {
        string script = _network.Write("control.lab", "actor a\n  so\e[31mket inet\n");
        var run = Run("check", script);
        Assert.Equal(2, run.Code);
        Assert.DoesNotContain(run.Output + run.OnlyError, char.IsControl);
    }

    [Fact]
    public void Without_a_terminal_the_interface_is_refused_in_one_sentence()
    {
        var run = Run();
        Assert.Equal(2, run.Code);
        Assert.Equal("", run.Output);
        Assert.Contains("terminal", run.OnlyError, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_to_a_pipe_refuses_the_interface()
    {
        using var terminal = PseudoTerminal.Start("sh", ["-c", "\"$0\" | cat", PrivateNetwork.Program]);
        terminal.WaitForExit();
        Assert.Contains("standard output is none", terminal.Screen.ReplaceLineEndings(""), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', terminal.Output);
    }

    [Fact]
    public void A_dumb_terminal_refuses_the_interface()
    {
        using var terminal = PseudoTerminal.Start(PrivateNetwork.Program, [], new Dictionary<string, string?> { ["TERM"] = "dumb" });
        Assert.Equal(2, terminal.WaitForExitAndRestoration());
        Assert.Contains("TERM=dumb", terminal.Screen, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', terminal.Output);
    }

    private static Ended Run(params string[] arguments) => RunningProgram.Start([PrivateNetwork.Program, .. arguments]).WaitForEnd();
}
