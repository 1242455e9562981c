using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;

namespace NetLab.Tests.App;

public class PromptTests
{
    private readonly List<string> _applied = [];

    [Theory]
    [InlineData("12", " number › 12                           ✓")]
    [InlineData("1x", " number › 1x       ✗ column 2: no number")]
    [InlineData("123456789012345678901234567890x", " number › ‹567890x  ✗ column 31: no num…")]
    public void Validity_shows_beside_what_is_typed(string text, string picture)
    {
        var prompt = Prompt(text);
        var buffer = new CellBuffer(41, 1);
        int cursor = prompt.Draw(buffer.Canvas);
        Assert.Equal(picture, ScreenDump.Lines(buffer)[0]);
        Assert.InRange(cursor, 10, 40);
    }

    [Fact]
    public void Enter_takes_only_what_will_do_and_Esc_leaves_everything()
    {
        var prompt = Prompt("1x");
        prompt.Take(KeyEvent.Of(Key.Enter));
        Assert.False(prompt.IsOver);
        prompt.Take(KeyEvent.Of(Key.Backspace));
        prompt.Take(KeyEvent.Of('7'));
        prompt.Take(KeyEvent.Of(Key.Enter));
        Assert.True(prompt.IsOver);
        Assert.Equal(["17"], _applied);
        var other = Prompt("3");
        other.Take(KeyEvent.Of('4'));
        other.Take(KeyEvent.Of(Key.Escape));
        Assert.True(other.IsOver);
        Assert.Equal(["17"], _applied);
    }

    [Fact]
    public void It_edits_as_a_shell_does()
    {
        var prompt = Prompt("12");
        foreach (var key in new[] { KeyEvent.Of(Key.Home), KeyEvent.Of('0'), KeyEvent.Of(Key.Right), KeyEvent.Of(Key.Delete), KeyEvent.Of('e', Modifiers.Control), KeyEvent.Of('5') })
            prompt.Take(key);
        Assert.Equal("015", prompt.Text);
        prompt.Take(KeyEvent.Of('u', Modifiers.Control));
        prompt.Paste("99\nsecond line");
        Assert.Equal("99", prompt.Text);
    }

    [Fact]
    public void A_prompt_that_asks_for_another_leaves_that_one_open()
    {
        var foot = new Foot();
        var second = Prompt("2");
        foot.Ask(new Prompt("first", "1", _ => null, _ => foot.Ask(second)));
        Assert.True(foot.Take(KeyEvent.Of(Key.Enter)));
        Assert.Same(second, foot.Prompt);
        foot.Take(KeyEvent.Of(Key.Escape));
        Assert.False(foot.Take(KeyEvent.Of('x')));
    }

    [Fact]
    public void A_text_too_long_for_the_clipboard_is_told()
    {
        var foot = new Foot { Clipboard = text => text.Length < 5 };
        foot.Copy("1234", "the line");
        Assert.Equal(("✓ copied the line", false), (foot.Message, foot.IsFault));
        foot.Copy("12345", "the line");
        Assert.True(foot.IsFault);
    }

    private Prompt Prompt(string text) => new("number", text, typed =>
    {
        int wrong = typed.ToList().FindIndex(c => !char.IsAsciiDigit(c));
        return wrong < 0 ? null : new PromptFault("no number", wrong + 1);
    }, _applied.Add);
}
