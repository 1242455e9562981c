using NetLab.Tui.Rendering;
using NetLab.Tui.Widgets;

namespace NetLab.Tests.Widgets;

public class FormTests
{
    private readonly ChoiceField _kind = new("kind", ["echo", "discard", "connect"]);
    private readonly TextField _host = new("host");
    private readonly TextField _port = new("the port");
    private readonly Form _form = new();

    public FormTests()
    {
        _host.Input.Set("127.0.0.1");
        _port.Input.Set("80x");
        _port.Fault = "That is no port.";
        _form.Show([_kind, _host, _port]);
    }

    [Fact]
    public void Labels_values_and_verdicts_stand_in_columns()
    {
        Assert.Equal("""
            › kind      ‹ echo ›               ✓
              host      127.0.0.1              ✓
              the port  80x                    ✗
            """.ReplaceLineEndings("\n"), Draw(out var cursor));
        Assert.Null(cursor);
    }

    [Fact]
    public void The_cursor_stands_in_the_text_that_is_typed()
    {
        _form.Move(1);
        Draw(out var cursor);
        Assert.Equal((21, 1), cursor);
        _host.Input.MoveHome();
        Draw(out cursor);
        Assert.Equal((12, 1), cursor);
    }

    [Fact]
    public void Moving_goes_round_and_the_fault_of_the_field_in_hand_is_told_first()
    {
        Assert.Equal("That is no port.", _form.Fault);
        _host.Fault = "That is no host.";
        Assert.Equal("That is no host.", _form.Fault);
        _form.Move(-1);
        Assert.Same(_port, _form.Focused);
        Assert.Equal("That is no port.", _form.Fault);
        _form.Move(1);
        Assert.Same(_kind, _form.Focused);
        (_host.Fault, _port.Fault) = (null, null);
        Assert.Null(_form.Fault);
    }

    [Fact]
    public void Other_fields_may_be_shown_and_the_keys_stay_with_theirs()
    {
        _form.Move(2);
        _form.Show([_host, _port]);
        Assert.Same(_port, _form.Focused);
        _form.Show([_kind, _host]);
        Assert.Same(_host, _form.Focused);
        _form.Show([]);
        Assert.Null(_form.Focused);
        _form.Move(1);
        Assert.Null(_form.Fault);
    }

    [Fact]
    public void A_choice_goes_round_and_to_a_letter()
    {
        _kind.Move(-1);
        Assert.Equal("connect", _kind.Text);
        _kind.Move(1);
        Assert.Equal("echo", _kind.Text);
        Assert.True(_kind.MoveTo("D"));
        Assert.Equal("discard", _kind.Text);
        Assert.False(_kind.MoveTo("z"));
        Assert.Equal("discard", _kind.Text);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 1)]
    [InlineData(12, 2)]
    public void No_room_is_no_fault(int columns, int rows)
    {
        _form.Move(1);
        var buffer = new CellBuffer(Math.Max(1, columns), Math.Max(1, rows));
        _form.Draw(buffer.Canvas.Slice(new Rectangle(0, 0, columns, rows)), default);
    }

    private string Draw(out (int X, int Y)? cursor)
    {
        var buffer = new CellBuffer(36, 3);
        cursor = _form.Draw(buffer.Canvas, default);
        return string.Join('\n', ScreenDump.Lines(buffer));
    }
}
