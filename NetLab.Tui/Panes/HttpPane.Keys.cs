using System.Text;
using NetLab.Core.Http;
using NetLab.Core.Peers;
using NetLab.Tui.App;
using NetLab.Tui.Terminal;
using NetLab.Tui.Widgets;

namespace NetLab.Tui.Panes;

// What the keys and the mouse do on the HTTP tab.
public sealed partial class HttpPane
{
    private string _typed = "http://127.0.0.1:8000/";

    /// <inheritdoc/>
    public override IReadOnlyList<KeyHelp> Keys =>
    [
        new("/", "a URL; a method before it, a body behind it if you like", "URL"),
        new("r", "ask again", _run is null ? null : "again"),
        new("f", "follow redirects, or not", _follows ? "don't follow" : "follow"),
        new("x", "stop the request that goes on", _run is { IsEnded: false } ? "stop" : null),
        new("Tab", "parts, bytes, packets", _hop is null ? null : _part switch { Part.Parts => "bytes", Part.Bytes => "packets", _ => "parts" }),
        new("o", "the states, packets and bytes of its port on tabs 2 to 6", _hop is null ? null : "on 2-6"),
        new("Enter ←→", "open, close; bytes"),
        new("[ ]", "the request before, the next one", _hop is null ? null : "before, next"),
        new("↑↓ g G", "move"),
    ];

    /// <inheritdoc/>
    public override bool Take(KeyEvent key, PaneContext context)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(context);
        if (key.Is('/'))
            context.Foot.Ask(new Prompt("URL", _typed, Check, text => Ask(text, context)));
        else if (key.Is('f'))
            _follows = !_follows;
        else if (_run is null && _hop is null)
            return false;
        else if (key.Is('r'))
            Ask(_typed, context);
        else if (key.Is('x') || (key.Key == Key.Escape && _run is { IsEnded: false }))
            context.Lab.Http.Stop();
        else if (key.Is('[') || key.Is(']'))
            Turn(context.Lab.Http.Runs, key.Is('[') ? -1 : 1);
        else if (_hop is null)
            return false;
        else if (key.Key == Key.Tab)
            _part = _part switch { Part.Parts => Part.Bytes, Part.Bytes => Part.Packets, _ => Part.Parts };
        else if (key.Is('o'))
            ShowElsewhere(context);
        else if (_part == Part.Packets)
            return TakeOnPackets(key);
        else if (key.Key == Key.Enter && _part == Part.Parts)
            Toggle();
        else
            return _part == Part.Parts ? _message.TakeOnParts(key) : _message.TakeOnBytes(key);
        return true;
    }

    /// <inheritdoc/>
    public override bool Back(PaneContext context)
    {
        if (_part == Part.Parts)
            return false;
        _part = Part.Parts;
        return true;
    }

    /// <inheritdoc/>
    public override void Wheel(int rows, int x, int y, PaneContext context)
    {
        foreach (var (part, place) in _placed)
        {
            if (place.Contains(x, y) && part == Part.Packets)
                _firstPacket += rows;
            else if (place.Contains(x, y) && part == Part.Bytes)
                _message.Scroll(rows);
            else if (place.Contains(x, y))
                _message.Tree.Scroll(rows);
        }
    }

    /// <inheritdoc/>
    public override void Click(int x, int y, PaneContext context)
    {
        foreach (var (part, place) in _placed)
        {
            if (!place.Contains(x, y))
                continue;
            _part = part;
            if (part == Part.Packets)
                return;
            _message.Moved();
            if (part == Part.Bytes)
                _message.Click(x - place.X, y - place.Y);
            else if (Tree.Click(_message.Tree, x - place.X, y - place.Y))
                _message.FollowTree();
            return;
        }
    }

    /// <summary>Shows a request.</summary>
    internal void Show(HttpHop hop) => (_hop, _choseHop) = (hop, true);

    /// <summary>Reads what was typed: [METHOD] URL [BODY].</summary>
    internal static HttpRequestSpecification? Read(string text, out string mistake)
    {
        text = text.Trim();
        int blank = text.IndexOf(' ');
        string? method = blank > 0 && text.AsSpan(0, blank).IndexOfAnyExceptInRange('A', 'Z') < 0 ? text[..blank] : null;
        string rest = method is null ? text : text[(blank + 1)..].TrimStart();
        int end = rest.IndexOf(' ');
        string url = end < 0 ? rest : rest[..end];
        if (UrlAnatomy.TryRead(url, out mistake) is not { } anatomy)
            return null;
        if (anatomy.Scheme is not ("http" or "https"))
        {
            mistake = $"HTTP goes to http:// and https://, not to {anatomy.Scheme}://.";
            return null;
        }

        byte[]? body = end < 0 ? null : Encoding.UTF8.GetBytes(rest[(end + 1)..].TrimStart());
        return new HttpRequestSpecification(url)
        {
            Method = method ?? (body is null ? "GET" : "POST"),
            Body = body is null ? null : () => new MemoryStream(body, writable: false),
        };
    }

    private static PromptFault? Check(string text) => Read(text, out string mistake) is null ? new PromptFault(EventText.Printable(mistake)) : null;

    private void Ask(string text, PaneContext context)
    {
        if (Read(text, out _) is not { } specification)
            return;
        _typed = text;
        _run = context.Lab.Ask(specification with { Redirects = _follows ? HttpRequestSpecification.UsualRedirects : 0 });
        (_hop, _choseHop, _part) = (null, false, Part.Parts);
    }

    private static void ShowElsewhere(PaneContext context)
    {
        context.Lab.ShowHttp();
        context.Foot.Say("Tabs 2 and 4 to 6 show this port, until an experiment is run.");
    }

    private bool TakeOnPackets(KeyEvent key)
    {
        if (Movement.Of(key, 10, int.MaxValue / 2) is not { } places)
            return false;
        _firstPacket = Math.Max(0, _firstPacket + places);
        return true;
    }

    private void Toggle()
    {
        _message.Moved();
        if (!_message.Tree.Toggle())
            _part = Part.Bytes;
    }

    // Through the hops of all requests, as one row.
    private void Turn(IReadOnlyList<HttpRun> runs, int places)
    {
        var all = runs.SelectMany(run => run.Hops.Select(hop => (run, hop))).ToList();
        int place = all.FindIndex(one => one.hop == _hop) + places;
        if (place >= 0 && place < all.Count)
            (_run, _hop, _choseHop) = (all[place].run, all[place].hop, true);
    }
}
