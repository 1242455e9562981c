using System.Globalization;

namespace NetLab.Core.Peers;

/// <summary>Where a chunked body ends (RFC 9112 section 7.1), whatever pieces it comes in.</summary>
internal sealed class HttpChunks
{
    // 2^40 bytes: no chunk is longer.
    private const int MostDigits = 10;
    private Place _place;
    private long _left;
    private int _digits;

    private enum Place
    {
        Size,
        SizeRest,
        Data,
        DataEnd,
        TrailerBegin,
        TrailerRest,
        TrailerEnd,
        Whole,
    }

    /// <summary>Whether the last chunk and what follows it were taken.</summary>
    public bool IsWhole => _place == Place.Whole;

    /// <summary>A new body begins.</summary>
    public void Begin() => Enter(Place.Size);

    /// <summary>Takes what came.</summary>
    /// <returns>How many bytes belong to the body; negative where it is not chunked as it should be.</returns>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length && _place != Place.Whole)
        {
            if (_place == Place.Data)
            {
                int part = (int)Math.Min(_left, bytes.Length - at);
                at += part;
                _left -= part;
                if (_left == 0)
                    Enter(Place.DataEnd);
            }
            else if (!Step(bytes[at++]))
            {
                return -1;
            }
        }

        return at;
    }

    private bool Step(byte one)
    {
        switch (_place)
        {
            case Place.Size when char.IsAsciiHexDigit((char)one) && _digits < MostDigits:
                _digits++;
                _left = (_left << 4) + int.Parse([(char)one], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                return true;
            case Place.Size when _digits > 0 && one is (byte)'\r' or (byte)';' or (byte)' ' or (byte)'\t':
                _place = Place.SizeRest;
                return true;
            case Place.SizeRest:
                if (one == '\n')
                    _place = _left == 0 ? Place.TrailerBegin : Place.Data;
                return true;
            case Place.DataEnd:
                if (one == '\n')
                    Enter(Place.Size);
                return one is (byte)'\r' or (byte)'\n';
            case Place.TrailerBegin:
                _place = one == '\r' ? Place.TrailerEnd : Place.TrailerRest;
                return true;
            case Place.TrailerRest:
                if (one == '\n')
                    _place = Place.TrailerBegin;
                return true;
            case Place.TrailerEnd:
                _place = Place.Whole;
                return one == '\n';
            default:
                return false;
        }
    }

    private void Enter(Place place)
    {
        _place = place;
        _digits = 0;
        _left = 0;
    }
}
