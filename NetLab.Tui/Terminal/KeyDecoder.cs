using System.Text;

namespace NetLab.Tui.Terminal;

/// <summary>
/// Turns a terminal's bytes into events. Pure: it is fed bytes and the time, it holds a bounded state, and how the bytes are
/// split over calls makes no difference. What it does not know it swallows whole, so that no reply or unknown key leaks
/// into the interface as typed text.
/// </summary>
public sealed class KeyDecoder
{
    /// <summary>How long a lone ESC may still be the beginning of a sequence.</summary>
    public static readonly TimeSpan EscapeDelay = TimeSpan.FromMilliseconds(25);

    /// <summary>How long an unfinished sequence waits for its rest before it is dropped.</summary>
    public static readonly TimeSpan SequenceDelay = TimeSpan.FromSeconds(1);

    /// <summary>How long an unfinished paste waits for its rest before it counts as whole.</summary>
    public static readonly TimeSpan PasteDelay = TimeSpan.FromSeconds(5);

    /// <summary>The most bytes of one paste that are kept.</summary>
    public const int LongestPaste = 64 * 1024;

    private const int LongestParameters = 64;
    private const int LongestString = 64 * 1024;
    private const byte Escape = 0x1b, EndOfText = 0x03, Cancel = 0x18, Substitute = 0x1a, Bell = 0x07, Delete = 0x7f;

    private enum State
    {
        Ground,
        Escape,
        Csi,
        LinuxFunctionKey,
        Ss3,
        String,
        StringEscape,
        LegacyMouse,
        Utf8,
        Paste,
    }

    private readonly byte[] _parameters = new byte[LongestParameters];
    private readonly byte[] _rune = new byte[4];
    private readonly PasteBuffer _paste = new(LongestPaste);
    private State _state;
    private int _length;
    private int _skipped;
    private byte _introducer;
    private Modifiers _held;
    private TimeSpan _lastByte;

    /// <summary>When <see cref="Expire"/> is to be called if no byte comes first; null while nothing is pending.</summary>
    public TimeSpan? Deadline => _state == State.Ground ? null : _lastByte + Patience;

    private TimeSpan Patience => _state switch
    {
        State.Escape => EscapeDelay,
        // "ESC [", "ESC O", "ESC ]" and the like may be Alt and a character as well.
        State.Csi or State.Ss3 or State.String when _length == 0 && _skipped == 0 => EscapeDelay,
        State.Paste => PasteDelay,
        _ => SequenceDelay,
    };

    /// <summary>Takes bytes as they came from the terminal.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <param name="now">The time, from any fixed point.</param>
    /// <param name="events">Where the events go, at most one a byte and one more.</param>
    public void Decode(ReadOnlySpan<byte> bytes, TimeSpan now, Queue<TerminalEvent> events)
    {
        foreach (byte value in bytes) Take(value, events);
        if (bytes.Length > 0) _lastByte = now;
    }

    /// <summary>Decides what is pending, if its time is over: a lone ESC is the Escape key.</summary>
    /// <param name="now">The time, from the same fixed point.</param>
    /// <param name="events">Where the event goes.</param>
    public void Expire(TimeSpan now, Queue<TerminalEvent> events)
    {
        if (Deadline is not { } deadline || now < deadline) return;
        switch (_state)
        {
            case State.Escape:
                events.Enqueue(KeyEvent.Of(Key.Escape));
                break;
            case State.Csi or State.Ss3 or State.String when _length == 0 && _skipped == 0:
                events.Enqueue(KeyEvent.Of((char)_introducer, Modifiers.Alt));
                break;
            case State.Paste:
                events.Enqueue(_paste.Finish());
                break;
        }

        _state = State.Ground;
    }

    private void Take(byte value, Queue<TerminalEvent> events)
    {
        switch (_state)
        {
            case State.Ground:
                TakeKey(value, Modifiers.None, events);
                break;
            case State.Escape:
                TakeAfterEscape(value, events);
                break;
            case State.Csi or State.Ss3:
                TakeSequence(value, events);
                break;
            case State.LinuxFunctionKey:
                _state = State.Ground;
                if (value is >= (byte)'A' and <= (byte)'E') events.Enqueue(KeyEvent.Of(Key.F1 + (value - 'A')));
                else if (value < 0x20) TakeKey(value, Modifiers.None, events);
                break;
            case State.String or State.StringEscape:
                TakeString(value, events);
                break;
            case State.LegacyMouse:
                if (++_skipped == 3) _state = State.Ground;
                break;
            case State.Utf8:
                TakeContinuation(value, events);
                break;
            case State.Paste:
                if (!_paste.Add(value)) break;
                events.Enqueue(_paste.Finish());
                _state = State.Ground;
                break;
        }
    }

    private void TakeKey(byte value, Modifiers held, Queue<TerminalEvent> events)
    {
        _state = State.Ground;
        switch (value)
        {
            case Escape:
                _state = State.Escape;
                break;
            case < 0x20 or Delete:
                events.Enqueue(KeyNames.OfControl(value, held));
                break;
            case < 0x80:
                events.Enqueue(KeyEvent.Of((char)value, held));
                break;
            case >= 0xc2 and <= 0xf4:
                (_state, _held, _rune[0], _length) = (State.Utf8, held, value, 1);
                break;
        }
    }

    private void TakeAfterEscape(byte value, Queue<TerminalEvent> events)
    {
        (_length, _skipped, _introducer) = (0, 0, value);
        switch (value)
        {
            case (byte)'[':
                _state = State.Csi;
                break;
            case (byte)'O':
                _state = State.Ss3;
                break;
            case (byte)']' or (byte)'P' or (byte)'X' or (byte)'^' or (byte)'_':
                _state = State.String;
                break;
            case Escape:
                events.Enqueue(KeyEvent.Of(Key.Escape));
                break;
            default:
                TakeKey(value, Modifiers.Alt, events);
                break;
        }
    }

    // ECMA-48 5.4: parameter bytes 3/0 to 3/15, intermediate bytes 2/0 to 2/15, one final byte 4/0 to 7/14.
    private void TakeSequence(byte value, Queue<TerminalEvent> events)
    {
        switch (value)
        {
            case >= 0x20 and < 0x40:
                if (_length < LongestParameters) _parameters[_length++] = value;
                else _skipped = 1;
                break;
            case >= 0x40 and < Delete:
                FinishSequence(value, events);
                break;
            default:
                TakeKey(value, Modifiers.None, events);
                break;
        }
    }

    private void FinishSequence(byte final, Queue<TerminalEvent> events)
    {
        bool isCsi = _state == State.Csi, overflowed = _skipped > 0;
        ReadOnlySpan<byte> parameters = _parameters.AsSpan(0, _length);
        (_state, _skipped) = (State.Ground, 0);
        if (overflowed) return;
        if (isCsi && _length == 0 && final == '[') _state = State.LinuxFunctionKey;
        else if (isCsi && _length == 0 && final == 'M') _state = State.LegacyMouse;
        else if (isCsi && final == '~' && parameters.SequenceEqual("200"u8)) _state = State.Paste;
        else if ((isCsi ? KeyNames.OfCsi(parameters, final) : KeyNames.OfSs3(parameters, final)) is { } known) events.Enqueue(known);
    }

    // Replies that nobody asked for: OSC, DCS, SOS, PM, APC, up to BEL or ST. Ctrl+C and the two cancelling controls get out.
    private void TakeString(byte value, Queue<TerminalEvent> events)
    {
        if (_state == State.StringEscape)
        {
            if (value == '\\') _state = State.Ground;
            else TakeAfterEscape(value, events);
            return;
        }

        if (value == Escape) _state = State.StringEscape;
        else if (value == EndOfText) TakeKey(value, Modifiers.None, events);
        else if (value is Bell or Cancel or Substitute || ++_skipped > LongestString) _state = State.Ground;
    }

    private void TakeContinuation(byte value, Queue<TerminalEvent> events)
    {
        if ((value & 0xc0) != 0x80)
        {
            TakeKey(value, Modifiers.None, events);
            return;
        }

        _rune[_length++] = value;
        switch (Rune.DecodeFromUtf8(_rune.AsSpan(0, _length), out Rune rune, out _))
        {
            case System.Buffers.OperationStatus.Done:
                _state = State.Ground;
                if (!Rune.IsControl(rune)) events.Enqueue(new KeyEvent(Key.Character, rune, _held));
                break;
            case System.Buffers.OperationStatus.InvalidData:
                _state = State.Ground;
                break;
        }
    }
}
