// Package aws reads what AWS says from documents in files.
package aws
