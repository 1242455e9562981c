using System.Globalization;
using NetLab.Core.Peers;
using NetLab.Tui.Rendering;
using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.App;

/// <summary>
/// The form that starts a server or a client: what kind, where, with what. Whether it will do shows while it is typed, and below it stands the command line
/// that does the same.
/// </summary>
public sealed class PeerForm
{
    private const int Columns = 68;

    // Beside the fields: what the kind does; a blank; the command line, two lines of verdict; a blank; the keys. Most kinds have up to four fields.
    private const int MoreRows = 7, LeastRows = MoreRows + 4;

    private static readonly FormStyles s_styles = new(Theme.Faint, Theme.Text, Theme.Now, Theme.Faint, Theme.Done, Theme.Failed);
    private readonly Form _form = new();
    private readonly ChoiceField _kind = new("kind", [.. PeerKinds.All.Select(facts => facts.Name)]);
    private readonly TextField _host = new("host"), _port = new("port"), _folder = new("folder"), _zone = new("zone file"), _text = new("text");
    private readonly TextField _path = new("path"), _size = new("bytes"), _connections = new("connections"), _seconds = new("seconds"), _rate = new("requests/s");
    private readonly IReadOnlyList<PeerSpecification> _servers;
    private bool _portWasTyped, _hostWasTyped;
    private (int X, int Y, int Height) _place;

    /// <summary>A form.</summary>
    /// <param name="servers">The servers that run, with the ports that they have: a new client is offered the first one that is for it.</param>
    public PeerForm(params IReadOnlyList<PeerSpecification> servers)
    {
        _servers = servers;
        _folder.Input.Set(".");
        _host.Input.Set(PeerSpecification.DefaultHost);
        _path.Input.Set(PeerLoad.Usual.Path);
        foreach (var (field, usual) in new[] { (_size, PeerLoad.Usual.Size), (_connections, PeerLoad.Usual.Connections), (_seconds, PeerLoad.Usual.Seconds) })
            field.Input.Set(usual.ToString(CultureInfo.InvariantCulture));
        Offer();
        Check();
    }

    /// <summary>What is to be started; it is not checked.</summary>
    public PeerSpecification Specification
    {
        get
        {
            _ = PeerSpecification.PortMistake(_port.Text, out ushort port);
            return new PeerSpecification(Kind, _host.Text, port)
            {
                Root = Kind == PeerKind.Http && _folder.Text != "." ? _folder.Text : null,
                Zones = Kind == PeerKind.Dns && _zone.Text.Length > 0 ? new PeerFiles([_zone.Text]) : default,
                Text = Kind == PeerKind.Connect && _text.Text.Length > 0 ? _text.Text : null,
                Load = Kind is PeerKind.HttpLoad or PeerKind.EchoLoad ? Load : PeerLoad.Usual,
            };
        }
    }

    /// <summary>What is wrong, in a sentence; null when it may be started.</summary>
    public string? Fault => _form.Fault;

    /// <summary>Whether it was taken or given up.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What was taken; null before, and where it was given up.</summary>
    public PeerSpecification? Taken { get; private set; }

    /// <summary>The cursor's cell on the screen; null where there is none.</summary>
    public (int X, int Y)? Cursor { get; private set; }

    private PeerLoad Load => PeerLoad.Usual with
    {
        Connections = Number(_connections),
        Seconds = Number(_seconds),
        Rate = _rate.Text.Length > 0 ? Number(_rate) : null,
        Path = Kind == PeerKind.HttpLoad ? _path.Text : PeerLoad.Usual.Path,
        Size = Kind == PeerKind.EchoLoad ? Number(_size) : PeerLoad.Usual.Size,
    };

    private PeerKind Kind => PeerKinds.All[_kind.Selected].Kind;

    /// <summary>Takes a key; every key is the form's while it is open.</summary>
    public void Take(KeyEvent key)
    {
        ArgumentNullException.ThrowIfNull(key);
        switch (key)
        {
            case { Key: Key.Escape }:
                IsOver = true;
                return;
            case { Key: Key.Enter }:
                if (Fault is null)
                    (Taken, IsOver) = (Specification, true);
                return;
            case { Key: Key.Up } or { Key: Key.Tab, Modifiers: Modifiers.Shift }:
                _form.Move(-1);
                return;
            case { Key: Key.Down } or { Key: Key.Tab }:
                _form.Move(1);
                return;
        }

        if (_form.Focused == _kind)
            TakeKind(key);
        else if (_form.Focused is TextField field && TextEditing.Take(field.Input, key))
            Typed(field);
        Check();
    }

    /// <summary>Takes a pasted text: its first line, into the field that the keys act on.</summary>
    public void Paste(string text)
    {
        if (_form.Focused is not TextField field)
            return;
        field.Input.Insert(text);
        Typed(field);
        Check();
    }

    /// <summary>A click on the screen goes to the field there.</summary>
    public void Click(int column, int row)
    {
        int place = row - _place.Y;
        if (column >= _place.X && place >= 0 && place < _place.Height)
            _form.Focus(place);
    }

    /// <summary>Draws it over the screen.</summary>
    public void Draw(Canvas screen)
    {
        var inside = Popup.Open(screen, Theme.BorderLit, Theme.Title, Theme.Text, "new server or client", Columns, Math.Max(LeastRows, MoreRows + _form.Fields.Count));
        _place = (inside.OnScreen.X, inside.OnScreen.Y, _form.Fields.Count);
        var cursor = _form.Draw(inside.Slice(new Rectangle(0, 0, inside.Width, _form.Fields.Count)), s_styles);
        int y = _form.Fields.Count;
        inside.WriteField(2, y, inside.Width - 2, Alignment.Left, Theme.Faint, PeerKinds.All[_kind.Selected].Summary);
        Cursor = cursor is { } at ? (inside.OnScreen.X + at.X, inside.OnScreen.Y + at.Y) : null;
        var specification = Specification;
        int x = inside.Write(0, y + 2, Theme.Faint, "$ ");
        inside.WriteField(x, y + 2, inside.Width - x, Alignment.Left, Theme.Title, Fault is null ? EventText.Printable(specification.ToString()) : "…");
        if (Fault is { } fault)
            Paragraph.Draw(inside.Slice(new Rectangle(0, y + 3, inside.Width, 2)), Theme.Failed, $"✗ {EventText.Printable(fault)}");
        else if (specification.IsPublic)
            Paragraph.Draw(inside.Slice(new Rectangle(0, y + 3, inside.Width, 2)), Theme.Waiting, "! It can be reached from other machines, too.");
        StatusLine.Draw(inside.Slice(new Rectangle(-1, inside.Height - 1, inside.Width + 1, 1)), Theme.Key, Theme.Faint,
            [new("Enter", "start"), new("↑↓ Tab", "field"), new("←→", _form.Focused == _kind ? "kind" : "cursor"), new("Esc", "give up")], []);
    }

    private void TakeKind(KeyEvent key)
    {
        if (key.Key is Key.Left or Key.Right)
            _kind.Move(key.Key == Key.Left ? -1 : 1);
        else if (key is not { Key: Key.Character, Modifiers: Modifiers.None } || !_kind.MoveTo(key.Rune.ToString()))
            return;
        Offer();
    }

    private void Typed(TextField field)
    {
        _portWasTyped |= field == _port;
        _hostWasTyped |= field == _host;
    }

    // What a kind usually has, unless something else was typed: a client is offered the server that runs.
    private void Offer()
    {
        var facts = Kind.Facts();
        var server = facts.Role == PeerRole.Client ? _servers.FirstOrDefault(IsForKind) : null;
        if (!_portWasTyped)
            _port.Input.Set((server?.Port ?? facts.DefaultPort) is var port and not 0 ? port.ToString(CultureInfo.InvariantCulture) : "");
        if (!_hostWasTyped)
            _host.Input.Set(server?.BareHost ?? PeerSpecification.DefaultHost);
        _form.Show(Kind switch
        {
            PeerKind.Http => [_kind, _host, _port, _folder],
            PeerKind.Dns => [_kind, _host, _port, _zone],
            PeerKind.Connect => [_kind, _host, _port, _text],
            PeerKind.HttpLoad => [_kind, _host, _port, _path, _connections, _seconds, _rate],
            PeerKind.EchoLoad => [_kind, _host, _port, _size, _connections, _seconds, _rate],
            _ => [_kind, _host, _port],
        });
    }

    // Whether the kind is a client of such servers.
    private bool IsForKind(PeerSpecification server) => Kind switch
    {
        PeerKind.HttpLoad => server.Kind == PeerKind.Http,
        PeerKind.EchoLoad => server.Kind == PeerKind.Echo,
        PeerKind.FramedClient => server.Kind == PeerKind.Framed,
        _ => server.Kind.Facts().Protocol == Kind.Facts().Protocol,
    };

    // What is no number is 0, of which the check says what it should be.
    private static int Number(TextField field) => int.TryParse(field.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    private void Check()
    {
        foreach (var field in _form.Fields)
            field.Fault = null;
        _port.Fault = PeerSpecification.PortMistake(_port.Text, out _);
        if (_port.Fault is not null)
            return;
        var specification = Specification;
        // The mistake is told of the field that, put right, ends it.
        if (specification.Mistake() is not { } mistake)
            return;
        if (specification with { Host = PeerSpecification.DefaultHost } is var hosted && hosted.Mistake() != mistake)
            _host.Fault = mistake;
        else if (hosted with { Port = 1 } is var ported && ported.Mistake() != mistake)
            _port.Fault = mistake;
        else if (ported with { Text = null } is var silent && silent.Mistake() != mistake)
            _text.Fault = mistake;
        else if (FaultyOfLoad(specification) is { } field)
            field.Fault = mistake;
        else if (specification.Kind == PeerKind.Dns)
            _zone.Fault = mistake;
        else
            _folder.Fault = mistake;
    }

    private TextField? FaultyOfLoad(PeerSpecification specification)
    {
        if (specification.Kind is not (PeerKind.HttpLoad or PeerKind.EchoLoad))
            return null;
        var (load, usual) = (specification.Load, PeerLoad.Usual);
        string? mistake = load.Mistake();
        (TextField Field, PeerLoad Mended)[] fields =
            [(_connections, load with { Connections = usual.Connections }), (_seconds, load with { Seconds = usual.Seconds }), (_rate, load with { Rate = null }), (_size, load with { Size = usual.Size })];
        return fields.FirstOrDefault(field => field.Mended.Mistake() != mistake).Field ?? _path;
    }
}
