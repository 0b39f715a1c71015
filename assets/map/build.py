#!/usr/bin/env python3
"""Writes ground.bin and lines.tsv beside this file from three GeoJSON files: build.py FOLDER

FOLDER holds base_countries.geojson and base_admin1.geojson; NOTICE.md says where they come from.

ground.bin: numbers are LEB128; signed ones zigzag. Coordinates in thousandths of a degree, delta-encoded per arc.
  arcs:      count, then per arc: kind, points, (lon, lat) deltas
  countries: count, then per country: length of id, id, polygons, per polygon: rings, per ring: arcs,
             per arc: 2 * index + reversed
Arcs are shared between neighbours, so that a simplified border is the same line on both sides.
"""
import json
import math
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
COAST, BORDER, DISPUTED, BLUE, OUTLINE, FRAME, PROVINCE, FAINT = range(8)
OWN_PROVINCES = {'IRN', 'YEM', 'IRQ', 'LBN', 'PSX', 'PSE', 'WBK', 'GAZ'}


def load(folder, name):
    with open(os.path.join(folder, name)) as f:
        return json.load(f)['features']


def quantised(ring):
    out = []
    for lon, lat in ring:
        p = (round(lon * 1000), round(lat * 1000))
        if not out or out[-1] != p:
            out.append(p)
    if len(out) > 1 and out[0] == out[-1]:
        out.pop()
    return out


def polygons(features, key):
    for f in features:
        g = f['geometry']
        for polygon in [g['coordinates']] if g['type'] == 'Polygon' else g['coordinates']:
            rings = [r for r in map(quantised, polygon) if len(r) >= 3]
            if rings:
                yield key(f), rings


def edges_of(ring):
    return zip(ring, ring[1:] + ring[:1])


def on_frame(a, b):
    return any(a[i] == b[i] == v for i in (0, 1) for v in ((30000, 66000), (10000, 42000))[i])


class Topology:
    """Splits rings where their neighbours change and keeps each piece once."""

    def __init__(self, pieces):
        self.pieces = list(pieces)
        self.owners, self.degree = {}, {}
        for who, rings in self.pieces:
            for ring in rings:
                for a, b in edges_of(ring):
                    e = (a, b) if a < b else (b, a)
                    if e not in self.owners:
                        self.owners[e] = set()
                        self.degree[a] = self.degree.get(a, 0) + 1
                        self.degree[b] = self.degree.get(b, 0) + 1
                    self.owners[e].add(who)
        self.arcs, self.index = [], {}

    def key(self, a, b):
        e = (a, b) if a < b else (b, a)
        return frozenset(self.owners[e]), on_frame(a, b)

    def cut(self, ring):
        n = len(ring)
        keys = [self.key(ring[i], ring[(i + 1) % n]) for i in range(n)]
        nodes = [i for i in range(n) if keys[i] != keys[i - 1] or self.degree[ring[i]] != 2]
        if not nodes:
            nodes = [ring.index(min(ring))]
        refs = []
        for j, start in enumerate(nodes):
            end = nodes[(j + 1) % len(nodes)]
            length = (end - start) % n or n
            points = tuple(ring[(start + k) % n] for k in range(length + 1))
            refs.append(self.keep(points, keys[start]))
        return refs

    def keep(self, points, key):
        if points in self.index:
            return 2 * self.index[points]
        if points[::-1] in self.index:
            return 2 * self.index[points[::-1]] + 1
        self.index[points] = len(self.arcs)
        self.arcs.append((points, key))
        return 2 * (len(self.arcs) - 1)


def kind(key):
    who, frame = key
    if frame:
        return FRAME
    if len(who) == 1:
        return COAST
    if who == {'ISR', 'SYR'}:
        return DISPUTED
    if who == {'ISR', 'LBN'}:
        return BLUE
    if who & {'WBK', 'GAZ'} or 'SOMALILA' in who:
        return OUTLINE
    if who & {'N_CYPRUS', 'CYPRUS_U', 'DHEKELIA', 'AKROTIRI'}:
        return FAINT
    return BORDER


class Out:
    def __init__(self):
        self.bytes = bytearray()

    def number(self, n):
        while n >= 128:
            self.bytes.append(n & 127 | 128)
            n >>= 7
        self.bytes.append(n)

    def signed(self, n):
        self.number(n << 1 if n >= 0 else (-n << 1) - 1)

    def text(self, s):
        self.number(len(s.encode()))
        self.bytes += s.encode()

    def arc(self, kind, points):
        self.number(kind)
        self.number(len(points))
        x = y = 0
        for p in points:
            self.signed(p[0] - x)
            self.signed(p[1] - y)
            x, y = p


def simplified(points, tolerance):
    """Douglas-Peucker."""
    if len(points) < 3:
        return list(points)
    (ax, ay), (bx, by) = points[0], points[-1]
    dx, dy = bx - ax, by - ay
    span = math.hypot(dx, dy)
    def away(p):
        if span == 0:
            return math.hypot(p[0] - ax, p[1] - ay)
        return abs(dx * (p[1] - ay) - dy * (p[0] - ax)) / span
    worst = max(range(1, len(points) - 1), key=lambda i: away(points[i]))
    if away(points[worst]) <= tolerance:
        return [points[0], points[-1]]
    return simplified(points[:worst + 1], tolerance)[:-1] + simplified(points[worst:], tolerance)


def joined(arcs):
    """Chains arcs that meet end to end; the longest chain."""
    arcs = [list(a) for a in arcs]
    chains = []
    while arcs:
        chain = arcs.pop()
        moved = True
        while moved:
            moved = False
            for i, a in enumerate(arcs):
                for b in (a, a[::-1]):
                    if chain[-1] == b[0]:
                        chain += b[1:]
                    elif chain[0] == b[-1]:
                        chain[:0] = b[:-1]
                    else:
                        continue
                    arcs.pop(i)
                    moved = True
                    break
                if moved:
                    break
        chains.append(chain)
    return max(chains, key=len)


def nearest(points, lon, lat):
    return min(range(len(points)), key=lambda i: (points[i][0] - lon * 1000) ** 2 + (points[i][1] - lat * 1000) ** 2)


def between(points, a, b):
    i, j = nearest(points, *a), nearest(points, *b)
    return points[i:j + 1] if i <= j else points[j:i + 1][::-1]


def smoothed(points, times):
    for _ in range(times):
        points = [points[0]] + [
            tuple((points[i - 1][k] + 2 * points[i][k] + points[i + 1][k]) / 4 for k in (0, 1))
            for i in range(1, len(points) - 1)
        ] + [points[-1]]
    return points


def beside(points, distance):
    """The line `distance` to the left, in thousandths of a degree of latitude."""
    out = []
    for i, p in enumerate(points):
        a, b = points[max(i - 1, 0)], points[min(i + 1, len(points) - 1)]
        dx, dy = (b[0] - a[0]) * .84, b[1] - a[1]
        span = math.hypot(dx, dy) or 1
        out.append((p[0] - dy / span * distance / .84, p[1] + dx / span * distance))
    return out


def clip(polygon, lon, keep_west):
    inside = (lambda p: p[0] <= lon) if keep_west else (lambda p: p[0] >= lon)
    out = []
    for a, b in edges_of(polygon):
        if inside(a):
            out.append(a)
        if inside(a) != inside(b):
            t = (lon - a[0]) / (b[0] - a[0])
            out.append((lon, a[1] + t * (b[1] - a[1])))
    return out


def main():
    folder = sys.argv[1]
    countries = load(folder, 'base_countries.geojson')
    ground = Topology(polygons(countries, lambda f: f['properties']['id']))
    shapes = {}
    for who, rings in ground.pieces:
        shapes.setdefault(who, []).append([ground.cut(ring) for ring in rings])
    inner = Topology(polygons(load(folder, 'base_admin1.geojson'), lambda f: (f['properties']['adm0'], f['properties']['name'])))
    for _, rings in inner.pieces:
        for ring in rings:
            inner.cut(ring)
    out = Out()
    arcs = [(kind(key), points) for points, key in ground.arcs]
    for points, (who, _) in inner.arcs:
        states = {w[0] for w in who}
        if len(who) == 2 and len(states) == 1:
            arcs.append((PROVINCE if states & OWN_PROVINCES else FAINT, points))
    out.number(len(arcs))
    for k, points in arcs:
        out.arc(k, points)
    out.number(len(shapes))
    for who, parts in shapes.items():
        out.text(who)
        out.number(len(parts))
        for rings in parts:
            out.number(len(rings))
            for ring in rings:
                out.number(len(ring))
                for ref in ring:
                    out.number(ref)
    with open(os.path.join(HERE, 'ground.bin'), 'wb') as f:
        f.write(out.bytes)

    def line_of(*who):
        return joined([points for points, key in ground.arcs if key[0] == frozenset(who)])

    def oriented(points, eastward):
        return points if (points[-1][0] > points[0][0]) == eastward else points[::-1]

    degrees = lambda points: [(x / 1000, y / 1000) for x, y in points]
    hand = {}
    with open(os.path.join(HERE, 'hand.tsv')) as f:
        for row in f:
            if row.strip() and not row.startswith('#'):
                name, numbers = row.rstrip('\n').split('\t')
                values = list(map(float, numbers.split()))
                hand[name] = list(zip(values[::2], values[1::2]))
    blue = oriented(line_of('ISR', 'LBN'), True)
    gaza = line_of('ISR', 'GAZ')
    gaza = gaza if gaza[0][1] > gaza[-1][1] else gaza[::-1]
    golan = line_of('ISR', 'SYR')
    golan = golan if golan[0][1] < golan[-1][1] else golan[::-1]
    bank = line_of('ISR', 'WBK')
    saudi = oriented(line_of('SAU', 'YEM'), True)
    lines = {}
    lines['blue_line'] = degrees(blue)
    lines['front.LEB'] = degrees(smoothed(simplified(blue, 12), 2))
    lines['front.GAZ'] = degrees(smoothed(simplified(gaza, 4), 1))
    lines['front.SYR'] = degrees(smoothed(simplified(golan, 15), 2))
    north = between(bank, (35.02, 32.2), (35.52, 32.42))
    lines['front.WBK'] = degrees(smoothed(simplified(north, 12), 2))
    lines['front.KSA-HOU'] = degrees(smoothed(simplified(between(saudi, (42.75, 16.4), (45.4, 17.4)), 30), 2))
    # UNIFIL: Blue Line, coast up to the mouth of the Litani, Litani, then eastward to the hills of Shebaa.
    coast = max(([p for p in points] for points, key in ground.arcs if key == (frozenset(['LBN']), False)), key=len)
    litani = [(x * 1000, y * 1000) for x, y in hand['litani']]
    south = [p for p in litani if p[1] <= 33330] 
    shore = between(coast, (blue[0][0] / 1000, blue[0][1] / 1000), (hand['litani'][-1]))
    area = blue[::-1] + shore[1:] + south[::-1] + [(x * 1000, y * 1000) for x, y in hand['unifil_north_east']]
    lines['unifil_w'] = degrees(clip(area, 35415, True))
    lines['unifil_e'] = degrees(clip(area, 35415, False))
    strip = smoothed(simplified(blue, 18), 2)
    lines['held_strip'] = degrees(strip + beside(strip, 34)[::-1])
    lines.update(hand)
    with open(os.path.join(HERE, 'lines.tsv'), 'w') as f:
        for name in sorted(lines):
            f.write(name + '\t' + ' '.join(f'{x:.3f} {y:.3f}' for x, y in lines[name]) + '\n')
    print(len(arcs), 'arcs', sum(len(p) for _, p in arcs), 'points', len(out.bytes), 'bytes')
    for k in range(8):
        print(k, sum(a == k for a, _ in arcs), sum(len(p) for a, p in arcs if a == k))
    for name, points in lines.items():
        print(name, len(points), points[0], points[-1])


main()
