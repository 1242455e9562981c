using NetLab.Core.Peers;
using NetLab.Tests.Support;
using NetLab.Tui.App;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;

namespace NetLab.Tests.App;

public class PeerFormTests
{
    [Fact]
    public void A_kind_brings_its_port_until_one_is_typed()
    {
        var form = new PeerForm();
        Assert.Equal(new PeerSpecification(PeerKind.Hello), form.Specification);
        Type(form, "e");
        Assert.Equal(new PeerSpecification(PeerKind.Echo), form.Specification);
        Press(form, Key.Down, Key.Down, Key.Backspace, Key.Backspace, Key.Backspace, Key.Backspace);
        Type(form, "9000");
        Press(form, Key.Up, Key.Up, Key.Right);
        Assert.Equal(new PeerSpecification(PeerKind.Discard, "127.0.0.1", 9000), form.Specification);
        Press(form, Key.Enter);
        Assert.True(form.IsOver);
        Assert.Equal("netlab serve discard -p 9000", form.Taken!.ToString());
    }

    [Fact]
    public void A_client_is_offered_the_server_that_runs_and_takes_a_text()
    {
        var form = new PeerForm(new PeerSpecification(PeerKind.Echo, "::1", 8007), new PeerSpecification(PeerKind.Http, "127.0.0.1", 8123));
        Choose(form, PeerKind.Connect);
        Press(form, Key.Up);
        Type(form, @"hi\r\n");
        Assert.Null(form.Fault);
        Assert.Equal(new PeerSpecification(PeerKind.Connect, "::1", 8007) { Text = @"hi\r\n" }, form.Specification);
        Type(form, @"\q");
        Assert.NotNull(form.Fault);
    }

    [Fact]
    public void A_load_is_offered_a_server_of_its_protocol()
    {
        var form = new PeerForm(new PeerSpecification(PeerKind.Echo, "::1", 9007), new PeerSpecification(PeerKind.Http, "127.0.0.1", 8123));
        Choose(form, PeerKind.HttpLoad);
        Assert.Equal("netlab load http://127.0.0.1:8123/", $"{form.Specification}");
        Choose(form, PeerKind.EchoLoad);
        Assert.Equal("netlab load ::1 9007", $"{form.Specification}");
        // What runs may be none that it could ask.
        var other = new PeerForm(new PeerSpecification(PeerKind.Discard, "::1", 8009));
        Choose(other, PeerKind.HttpLoad);
        Assert.Equal("netlab load http://127.0.0.1:8000/", $"{other.Specification}");
    }

    [Theory]
    [InlineData(PeerKind.HttpLoad, 3, "x", "A path begins with '/'.")]
    [InlineData(PeerKind.HttpLoad, 4, "0", "connections")]
    [InlineData(PeerKind.EchoLoad, 3, "", "size")]
    [InlineData(PeerKind.EchoLoad, 6, "1x", "rate")]
    [InlineData(PeerKind.EchoLoad, 1, "192.0.2.1", "this machine only")]
    [InlineData(PeerKind.Echo, 1, "no host!", "host")]
    [InlineData(PeerKind.Echo, 2, "x", "port")]
    [InlineData(PeerKind.Echo, 2, "99999", "port")]
    [InlineData(PeerKind.Http, 3, "/no/such/folder", "no folder")]
    [InlineData(PeerKind.Connect, 2, "0", "port")]
    public void What_will_not_do_is_told_and_Enter_does_not_take_it(PeerKind kind, int field, string text, string told)
    {
        var form = new PeerForm();
        Choose(form, kind);
        for (int place = 0; place < field; place++)
            Press(form, Key.Down);
        form.Take(KeyEvent.Of('u', Modifiers.Control));
        Type(form, text);
        Assert.Contains(told, form.Fault, StringComparison.Ordinal);
        Press(form, Key.Enter);
        Assert.False(form.IsOver);
        Assert.Contains("✗", Draw(form, 80, 24), StringComparison.Ordinal);
        Press(form, Key.Escape);
        Assert.True(form.IsOver);
        Assert.Null(form.Taken);
    }

    [Fact]
    public void A_client_without_a_port_cannot_be_started()
    {
        var form = new PeerForm();
        Choose(form, PeerKind.Connect);
        Assert.Contains("port", form.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_pasted_goes_into_the_field_and_shows_as_text()
    {
        var form = new PeerForm();
        Press(form, Key.Down);
        form.Take(KeyEvent.Of('u', Modifiers.Control));
        form.Paste("a\e[2Jb\nsecond line");
        Assert.NotNull(form.Fault);
        Assert.DoesNotContain('\e', Draw(form, 80, 24));
        Assert.DoesNotContain("second line", Draw(form, 80, 24), StringComparison.Ordinal);
    }

    [Fact]
    public void The_form_of_a_load_has_a_row_for_each_of_its_bounds()
    {
        var form = new PeerForm();
        Choose(form, PeerKind.HttpLoad);
        Golden.Check("peer-form-load", Draw(form, 80, 24));
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(120, 40)]
    public void The_form_looks_as_it_was_agreed(int columns, int rows)
    {
        var form = new PeerForm();
        Choose(form, PeerKind.Http);
        Press(form, Key.Down);
        form.Take(KeyEvent.Of('u', Modifiers.Control));
        Type(form, "0.0.0.0");
        Golden.Check($"peer-form-{columns}", Draw(form, columns, rows));
        Assert.NotNull(form.Cursor);
    }

    [Fact]
    public void A_click_goes_to_the_field_there()
    {
        var form = new PeerForm();
        Draw(form, 80, 24);
        Press(form, Key.Down);
        Draw(form, 80, 24);
        var (x, y) = form.Cursor!.Value;
        form.Click(x, y + 1);
        form.Take(KeyEvent.Of('u', Modifiers.Control));
        Type(form, "7");
        Assert.Equal(7, form.Specification.Port);
    }

    private static void Choose(PeerForm form, PeerKind kind)
    {
        while (form.Specification.Kind != kind)
            Press(form, Key.Right);
    }

    private static void Type(PeerForm form, string text)
    {
        foreach (char character in text)
            form.Take(KeyEvent.Of(character));
    }

    private static void Press(PeerForm form, params Key[] keys)
    {
        foreach (var key in keys)
            form.Take(KeyEvent.Of(key));
    }

    private static string Draw(PeerForm form, int columns, int rows)
    {
        var buffer = new CellBuffer(columns, rows);
        form.Draw(buffer.Canvas);
        return string.Join('\n', ScreenDump.Lines(buffer)).TrimEnd('\n');
    }
}
